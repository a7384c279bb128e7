using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Autorest;

namespace Modestano.Operator.Runtime;

/// <summary>What stops the passes over an object, as a condition and an Event tell it. Pure.</summary>
/// <param name="Reason">One of <see cref="RuntimeReasons"/>.</param>
/// <param name="Message">What was tried, what came back and what to do.</param>
/// <param name="NeedsPerson">It does not end by itself.</param>
internal sealed partial record PassFailure(string Reason, string Message, bool NeedsPerson)
{
    private const int LongestWords = 600;

    /// <summary>From what a pass threw.</summary>
    public static PassFailure Of(Exception error)
    {
        if (error is KindNotSeenException { InnerException: { } why })
        {
            return OfKindNotSeen(error.Message, why);
        }

        var words = Words(error);
        return Chain(error) switch
        {
            { Answer: { Response.StatusCode: var code } answer } => OfAnswer(code, error is HttpOperationException ? Words(answer) : words),
            { Has: nameof(StatusConflictException) } => new(RuntimeReasons.StatusNotWritten, $"{words}; the watch of the API server does not deliver the newer version: look at the API server's health", false),
            { Has: nameof(JsonException) } => new(RuntimeReasons.BrokenAnswer, $"A server's answer cannot be read: {words}; look for a proxy between it and the operator", false),
            { Has: nameof(TimeoutException) } => new(RuntimeReasons.NoAnswer, $"No answer in time: {words}", false),
            { Has: nameof(HttpRequestException) } => new(RuntimeReasons.NoAnswer, $"A server cannot be reached: {words}", false),
            _ => new(RuntimeReasons.PassFailed, $"The pass broke with {error.GetType().Name}: {words}; the operator's log has the whole of it", false),
        };
    }

    /// <summary>Whether two failures are the same but for figures in their words.</summary>
    public static bool AreAlike(string message, string other) => Figures().Replace(message, "#") == Figures().Replace(other, "#");

    private static PassFailure OfKindNotSeen(string what, Exception why)
    {
        var cause = Of(why);
        // An informer's own errors tell what they met, and are no fault in a pass.
        var words = cause.Reason == RuntimeReasons.PassFailed ? Words(why) : cause.Message;
        return cause with { Reason = RuntimeReasons.EditsNotSeen, Message = $"{what}: {words}" };
    }

    private static PassFailure OfAnswer(HttpStatusCode code, string words) => (int)code switch
    {
        401 or 403 => new(RuntimeReasons.ApiForbidden, $"{words}; give the operator's service account this right back (docs/install.md)", true),
        404 => new(RuntimeReasons.ApiNotFound, $"{words}; bring back what the API server does not have", true),
        429 or >= 500 => new(RuntimeReasons.ApiUnavailable, $"{words}; it is tried again until the API server answers", false),
        _ => new(RuntimeReasons.ApiRefused, words, true),
    };

    private static string Words(Exception error)
    {
        var words = error switch
        {
            HttpOperationException answer =>
                $"{answer.Request?.Method.Method} {answer.Request?.RequestUri?.AbsolutePath}: the API server answered {(int)answer.Response.StatusCode} {answer.Response.StatusCode}: {ApiRefusedException.MessageOf(answer)}",
            _ => error.Message,
        };
        return OneLine.Of(words, LongestWords);
    }

    /// <summary>The first cause of a known kind, from the outside in.</summary>
    private static (HttpOperationException? Answer, string? Has) Chain(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case HttpOperationException answer:
                    return (answer, null);
                case StatusConflictException:
                    return (null, nameof(StatusConflictException));
                case JsonException:
                    return (null, nameof(JsonException));
                case TimeoutException or OperationCanceledException:
                    return (null, nameof(TimeoutException));
                case HttpRequestException or IOException:
                    return (null, nameof(HttpRequestException));
            }
        }

        return (null, null);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Figures();
}
