namespace Modestano.Testbed.Demo;

/// <summary>Notes when each phase was first seen, from outside.</summary>
public sealed class PhaseClock
{
    private readonly List<(string Phase, TimeSpan Since)> _entries = [];

    /// <summary>The phases in order, each with how long it lasted; the last one has lasted until <paramref name="end"/>.</summary>
    public IReadOnlyList<(string Phase, TimeSpan Length)> Lengths(TimeSpan end) =>
        [.. _entries.Select((entry, i) => (entry.Phase, (i + 1 < _entries.Count ? _entries[i + 1].Since : end) - entry.Since))];

    /// <summary>The phase as seen at a moment.</summary>
    public void See(string? phase, TimeSpan elapsed)
    {
        if (phase is not null && (_entries.Count == 0 || _entries[^1].Phase != phase))
        {
            _entries.Add((phase, elapsed));
        }
    }
}
