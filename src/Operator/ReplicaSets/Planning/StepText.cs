using System.Globalization;
using System.Text;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>A step in one canonical line: the same effect gives the same text, whatever version or term it starts from.</summary>
public static class StepText
{
    /// <summary>The line.</summary>
    public static string Of(Step step)
    {
        var text = new StringBuilder(step.Kind);
        switch (step)
        {
            case Reconfig r:
                text.Append(r.Force ? " force" : "");
                foreach (var a in r.Additions.OrderBy(a => a.Host, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $" +{a.Host}(votes={a.Votes} priority={a.Priority} hidden={a.Hidden} arbiter={a.ArbiterOnly} delay={a.SecondaryDelaySecs}{Pairs(" tags", a.Tags)}{Pairs(" horizons", a.Horizons)})");
                }

                foreach (var x in r.Removals.OrderBy(x => x.Host, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $" -{x.Host}");
                }

                foreach (var e in r.Edits.OrderBy(e => e.Host, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $" {e.Host}({(e.NewHost is { } host ? $"host={host} " : "")}votes={e.Votes} priority={e.Priority} hidden={e.Hidden} delay={e.SecondaryDelaySecs}{Pairs(" tags", e.Tags)}{Pairs(" horizons", e.Horizons)})");
                }

                if (r.Settings is { } s)
                {
                    text.Append(CultureInfo.InvariantCulture, $" settings(election={s.ElectionTimeoutMillis} heartbeat={s.HeartbeatIntervalMillis} timeout={s.HeartbeatTimeoutSecs} catchUp={s.CatchUpTimeoutMillis} takeover={s.CatchUpTakeoverDelayMillis} chaining={s.ChainingAllowed}");
                    foreach (var (mode, tags) in (s.GetLastErrorModes ?? new Dictionary<string, IReadOnlyDictionary<string, int>>()).OrderBy(m => m.Key, StringComparer.Ordinal))
                    {
                        text.Append(CultureInfo.InvariantCulture, $" {mode}:{string.Join(',', tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"))}");
                    }

                    text.Append(')');
                }

                break;
            case StepDown d:
                text.Append(CultureInfo.InvariantCulture, $" {d.PrimaryHost} -> {string.Join(',', d.Successors.Order(StringComparer.Ordinal))}");
                break;
            case Initiate i:
                text.Append(CultureInfo.InvariantCulture, $" {i.SetName} {i.Member.Host}");
                break;
            case SetDefaultWriteConcern w:
                text.Append(CultureInfo.InvariantCulture, $" {w.W} {w.WtimeoutMillis}");
                break;
        }

        return text.ToString();
    }

    private static string Pairs(string name, IReadOnlyDictionary<string, string>? pairs) =>
        pairs is null ? "" : $"{name}={string.Join(',', pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value}"))}";
}
