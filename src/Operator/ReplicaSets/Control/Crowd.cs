namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>How many sets wait at the same time, by namespace.</summary>
/// <param name="most">How many members of sets that wait are no crowd.</param>
internal sealed class Crowd(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Sets, int Members)> _of = [];
    private int _members;

    /// <summary>Sets begin to wait, or end it.</summary>
    public void Add(string @namespace, int sets, int members)
    {
        lock (_lock)
        {
            var before = _of.GetValueOrDefault(@namespace);
            _members += members;
            if (before.Sets + sets > 0)
            {
                _of[@namespace] = (before.Sets + sets, before.Members + members);
            }
            else
            {
                _of.Remove(@namespace);
            }
        }
    }

    /// <summary>Whether too many wait, and those of this namespace are more than its share of what is no crowd.</summary>
    public bool Holds(string @namespace)
    {
        lock (_lock)
        {
            return _members > most && _of.GetValueOrDefault(@namespace).Members > most / Math.Max(1, _of.Count);
        }
    }

    /// <summary>How many sets have their turn until one of this namespace has it again: the namespaces have theirs one after the other.</summary>
    public int SetsInTurn(string @namespace)
    {
        lock (_lock)
        {
            return _of.GetValueOrDefault(@namespace).Sets * Math.Max(1, _of.Count);
        }
    }
}
