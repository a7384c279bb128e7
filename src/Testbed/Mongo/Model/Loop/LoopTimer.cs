namespace Modestano.Testbed.Mongo.Model;

/// <summary>An action that waits in the loop's queue; cancelling leaves it there without effect.</summary>
internal sealed class LoopTimer(Action action)
{
    private Action? action = action;

    public bool IsCancelled => action is null;

    public void Cancel() => action = null;

    public void Run()
    {
        var due = action;
        action = null;
        due?.Invoke();
    }
}
