using System.Globalization;
using Spectre.Console;

namespace Modestano.Testbed.Demo.Screen;

/// <summary>The state as a table that is drawn anew in place; for a terminal.</summary>
public sealed class LiveScreen(IAnsiConsole console) : IScreen
{
    private readonly Lock _gate = new();
    private Drawing? _drawing;

    /// <inheritdoc/>
    public void Say(string line)
    {
        lock (_gate)
        {
            console.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Show(DemoView view)
    {
        lock (_gate)
        {
            _drawing ??= new Drawing(console);
            _drawing.Update(Draw(view));
        }
    }

    /// <inheritdoc/>
    public void Rest()
    {
        lock (_gate)
        {
            _drawing?.End();
            _drawing = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Rest();

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

    // One stretch of drawing in place.
    private sealed class Drawing
    {
        private readonly TaskCompletionSource _over = new();
        private readonly TaskCompletionSource<LiveDisplayContext> _begun = new();
        private readonly Task _live;

        public Drawing(IAnsiConsole console) => _live = console.Live(new Text("")).StartAsync(async context =>
        {
            _begun.SetResult(context);
            await _over.Task;
        });

        public void Update(Rows rows) => _begun.Task.GetAwaiter().GetResult().UpdateTarget(rows);

        public void End()
        {
            _over.TrySetResult();
            _live.GetAwaiter().GetResult();
        }
    }
}
