using System.Collections;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>What every log line of a pass carries in the structured log; the names are controller-runtime's.</summary>
internal sealed class PassScope(string kind, ObjectKey key, long pass) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("controllerKind", kind),
        1 => new("namespace", key.Namespace),
        2 => new("name", key.Name),
        3 => new("reconcileID", pass),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    public override string ToString() => $"{kind} {key} pass {pass}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
