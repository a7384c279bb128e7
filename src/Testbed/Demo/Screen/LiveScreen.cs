using System.Globalization;
using Spectre.Console;

namespace Modestano.Testbed.Demo.Screen;

/// <summary>The state as a table that is drawn anew in place; for a terminal.</summary>
public sealed class LiveScreen : IScreen
{
    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource _over = new();
    private readonly Lock _gate = new();
    private readonly Task _live;
    private LiveDisplayContext? _context;

    /// <summary>Begins to draw.</summary>
    public LiveScreen(IAnsiConsole console)
    {
        _console = console;
        _live = console.Live(new Text("starting")).StartAsync(async context =>
        {
            _context = context;
            await _over.Task;
        });
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        lock (_gate)
        {
            _console.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Show(DemoView view)
    {
        lock (_gate)
        {
            _context?.UpdateTarget(Draw(view));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.TrySetResult();
        _live.GetAwaiter().GetResult();
    }

    private static Rows Draw(DemoView view)
    {
        var members = new Table().Border(TableBorder.Rounded).AddColumns("region", "member", "state", "lag", "votes", "priority");
        foreach (var member in view.Members)
        {
            var state = Markup.Escape(member.State ?? "-");
            members.AddRow(
                Markup.Escape(member.Region ?? "-"), Markup.Escape(member.Host),
                member.State == "PRIMARY" ? $"[bold green]{state}[/]" : member.Healthy == false ? $"[red]{state}[/]" : state,
                Markup.Escape(member.Lag ?? "-"), Number(member.Votes, member.PlannedVotes), Number(member.Priority?.Value, member.PlannedPriority?.Value));
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"writes {view.Acknowledged} acknowledged, {view.Failed} failed, longest gap {view.LongestGap.TotalMilliseconds:0} ms");
        return new Rows(
            new Markup(string.Create(CultureInfo.InvariantCulture, $"[bold]{Markup.Escape(view.Phase)}[/]   {view.Elapsed.TotalSeconds:0.0} s")),
            members,
            new Markup($"weights      {Markup.Escape(view.Weights)}"),
            new Markup($"last action  {Markup.Escape(view.LastAction)}"),
            new Markup($"waiting for  {Markup.Escape(view.WaitingFor)}"),
            new Text(text));
    }

    private static string Number(decimal? now, decimal? planned) =>
        now == planned || planned is null ? $"{now?.ToString(CultureInfo.InvariantCulture) ?? "-"}" : $"{now?.ToString(CultureInfo.InvariantCulture) ?? "-"} [grey]→ {planned.Value.ToString(CultureInfo.InvariantCulture)}[/]";
}
