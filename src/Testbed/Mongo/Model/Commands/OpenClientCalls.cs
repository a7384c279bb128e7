namespace Modestano.Testbed.Mongo.Model;

/// <summary>The commands that a process has not answered yet, in order of arrival.</summary>
internal sealed class OpenClientCalls
{
    private readonly LinkedList<ClientCall> open = [];
    private int sinceSweep;

    public void Add(ClientCall call)
    {
        open.AddLast(call);
        // Answered calls leave in sweeps, so that adding one stays cheap.
        if (++sinceSweep >= 64)
        {
            sinceSweep = 0;
            Sweep();
        }
    }

    public IReadOnlyList<ClientCall> TakeAll()
    {
        Sweep();
        ClientCall[] all = [.. open];
        open.Clear();
        return all;
    }

    private void Sweep()
    {
        for (var node = open.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsAnswered)
            {
                open.Remove(node);
            }

            node = next;
        }
    }
}
