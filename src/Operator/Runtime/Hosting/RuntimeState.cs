namespace Modestano.Operator.Runtime.Hosting;

/// <summary>What the health endpoints tell.</summary>
public sealed class RuntimeState
{
    private int _ready;
    private string? _broken;

    /// <summary>Whether every informer has listed its kind once: this replica can lead, or leads.</summary>
    public bool IsReady => Volatile.Read(ref _ready) == 1;

    /// <summary>Why the process must be restarted; null: it need not.</summary>
    public string? Broken => Volatile.Read(ref _broken);

    internal void Ready() => Volatile.Write(ref _ready, 1);

    internal void Break(string why) => Volatile.Write(ref _broken, why);
}
