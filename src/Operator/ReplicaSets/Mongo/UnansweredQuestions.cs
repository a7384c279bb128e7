using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Which questions a member did not answer, and why: an error, no time left, or an answer without what it should have.</summary>
internal static class UnansweredQuestions
{
    private static readonly Question[] All = Enum.GetValues<Question>();

    /// <summary>By what a member answered; null: it was not asked. A stranger's answers are none.</summary>
    public static IReadOnlyDictionary<Question, string> Of(MemberReplies? own, string? stranger)
    {
        if (stranger is not null)
        {
            return All.ToDictionary(q => q, _ => $"under its name answers {stranger}");
        }

        if (own?.Status.Document is null)
        {
            var why = own is null ? "it was not asked" : (own.Connection ?? own.Hello.Failure ?? own.Status.Failure)?.ToString() ?? "it tells nothing of its set";
            return All.ToDictionary(q => q, _ => why);
        }

        var unanswered = new Dictionary<Question, string>();
        Add(Question.OpenWork, own.CurrentOperations, own.CurrentOperations.Document.Doc("cursor") is not null);
        Add(Question.FeatureCompatibilityVersion, own.FeatureCompatibility, own.FeatureCompatibility.Document.Doc("featureCompatibilityVersion").Text("version") is not null);
        Add(Question.OplogWindow, own.OplogFirst, own.OplogFirst.First is not null);
        Add(Question.OplogWindow, own.OplogLast, own.OplogLast.First is not null);
        Add(Question.OplogSize, own.OplogStats, own.OplogStats.Document.Whole("maxSize") is not null);
        // A default that nobody set is left out of the answer (recorded).
        Add(Question.DefaultWriteConcern, own.DefaultConcerns, own.DefaultConcerns.Document is not null);
        Add(Question.Version, own.BuildInfo, own.BuildInfo.Document.Text("version") is not null);
        return unanswered;

        void Add(Question question, CommandReply reply, bool isThere)
        {
            if (reply != CommandReply.NotAsked && !isThere)
            {
                unanswered.TryAdd(question, reply.Failure?.ToString() ?? "its answer has no such field");
            }
        }
    }
}
