using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Observability.Scraping;

/// <summary>
/// Decides who may scrape as the API server's own endpoints do: a TokenReview tells who calls, a SubjectAccessReview whether they may
/// <c>get</c> the path. Answers are remembered, by the token's hash, so that scrapes do not become API calls.
/// </summary>
internal sealed class ScrapeReview(IKubernetes kubernetes, TimeProvider time, ILogger<ScrapeReview> logger)
{
    private const string Scheme = "Bearer ";
    private const int MostRemembered = 256;

    // A role that was taken away counts after this long; a role that was given soon after.
    private static readonly TimeSpan AllowedFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (ScrapeVerdict Verdict, long Since)> _remembered = new();

    /// <summary>May the bearer of this Authorization header get the path?</summary>
    public async Task<ScrapeVerdict> DecideAsync(string authorization, string path, CancellationToken cancellationToken)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ScrapeVerdict.Unauthenticated;
        }

        var token = authorization[Scheme.Length..].Trim();
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{token}")));
        if (_remembered.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since) < (known.Verdict == ScrapeVerdict.Allowed ? AllowedFor : RefusedFor))
        {
            return known.Verdict;
        }

        var verdict = await AskAsync(token, path, cancellationToken);
        if (verdict != ScrapeVerdict.Unknown)
        {
            if (_remembered.Count >= MostRemembered)
            {
                // Somebody tries tokens: what is forgotten is asked again.
                _remembered.Clear();
            }

            _remembered[key] = (verdict, time.GetTimestamp());
        }

        return verdict;
    }

    private async Task<ScrapeVerdict> AskAsync(string token, string path, CancellationToken cancellationToken)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        call.CancelAfter(Patience);
        try
        {
            var who = await kubernetes.AuthenticationV1.CreateTokenReviewAsync(new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token } }, cancellationToken: call.Token);
            if (who.Status is not { Authenticated: true, User: { } user })
            {
                return ScrapeVerdict.Unauthenticated;
            }

            var question = new V1SubjectAccessReview
            {
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user.Username,
                    Uid = user.Uid,
                    Groups = user.Groups,
                    Extra = user.Extra,
                    NonResourceAttributes = new V1NonResourceAttributes { Path = path, Verb = "get" },
                },
            };
            var answer = await kubernetes.AuthorizationV1.CreateSubjectAccessReviewAsync(question, cancellationToken: call.Token);
            return answer.Status is { Allowed: true } ? ScrapeVerdict.Allowed : ScrapeVerdict.Forbidden;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Never the exception itself: it holds the request, and so the token.
            logger.LogWarning("A scrape was refused, as the API server could not be asked who it is: {Error}", ApiRefusedException.Describe(e));
            return ScrapeVerdict.Unknown;
        }
    }
}
