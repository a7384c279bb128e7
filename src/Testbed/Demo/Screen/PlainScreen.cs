using System.Globalization;

namespace Modestano.Testbed.Demo.Screen;

/// <summary>One line for each thing that changes; for logs and pipes.</summary>
public sealed class PlainScreen(TextWriter output) : IScreen
{
    private readonly Dictionary<string, string> _shown = [];

    /// <inheritdoc/>
    public void Say(string line) => output.WriteLine(line);

    /// <inheritdoc/>
    public void Show(DemoView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        Line(view, "phase", view.Phase);
        Line(view, "primary", view.ReplicaSet?.Status is { Primary: { } primary } status ? $"{primary} ({status.PrimaryRegion})" : "none");
        foreach (var member in view.Members)
        {
            Line(view, member.Host, string.Create(CultureInfo.InvariantCulture, $"{member.State} votes {member.Votes?.ToString(CultureInfo.InvariantCulture) ?? "-"} priority {member.Priority?.ToString() ?? "-"}"));
        }

        Line(view, "weights", view.Weights);
        Line(view, "action", view.LastAction);
    }

    /// <inheritdoc/>
    public void Rest()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Line(DemoView view, string what, string now)
    {
        if (_shown.GetValueOrDefault(what) != now && now != "-")
        {
            _shown[what] = now;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{view.Elapsed.TotalSeconds,6:0.0}s  {what,-42} {now}"));
        }
    }
}
