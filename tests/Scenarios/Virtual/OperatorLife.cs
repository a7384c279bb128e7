namespace Modestano.Scenarios.Virtual;

/// <summary>When a process is killed, relative to one of its effects.</summary>
internal enum KillMoment
{
    /// <summary>The call is not sent.</summary>
    BeforeCall,

    /// <summary>The call has taken effect; the process never sees the answer.</summary>
    BeforeAnswer,
}

/// <summary>
/// One life of an operator process: every call that it makes goes through here. A killed process makes no further call and sees no further
/// answer; nothing of its code runs any more, no clean-up either, as with SIGKILL.
/// </summary>
internal sealed class OperatorLife
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly (int Effect, KillMoment Moment)? _end;
    private readonly List<string> _effects = [];

    public OperatorLife((int Effect, KillMoment Moment)? end = null) => _end = end;

    public bool IsDead { get; private set; }

    /// <summary>The effects of this life, in order.</summary>
    public IReadOnlyList<string> Effects => _effects;

    public event Action? Died;

    public void Kill()
    {
        if (!IsDead)
        {
            IsDead = true;
            Died?.Invoke();
        }
    }

    /// <summary>A call that changes nothing.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> call)
    {
        await BeAliveAsync();
        try
        {
            return await call();
        }
        finally
        {
            await BeAliveAsync();
        }
    }

    /// <summary>A call that changes something outside the process.</summary>
    public async Task<T> EffectAsync<T>(string what, Func<Task<T>> call)
    {
        await BeAliveAsync();
        _effects.Add(what);
        var number = _effects.Count;
        await EndAtAsync(number, KillMoment.BeforeCall);
        try
        {
            return await call();
        }
        finally
        {
            await EndAtAsync(number, KillMoment.BeforeAnswer);
        }
    }

    private Task BeAliveAsync() => IsDead ? Never : Task.CompletedTask;

    private Task EndAtAsync(int effect, KillMoment moment)
    {
        if (_end == (effect, moment))
        {
            Kill();
        }

        return BeAliveAsync();
    }
}
