namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>How much data a member holds, uncompressed, as an initial sync copies it: <c>listDatabases</c> tells the compressed size only.</summary>
internal sealed class DataSize(IMemberCalls calls, ReplicaSetTarget target, string host, TimeSpan timeout, TimeProvider time)
{
    /// <summary>One deadline for a few databases; a thousand of them are not asked one by one.</summary>
    private const int MostDatabases = 100;

    /// <summary>The sum over all databases but <c>local</c>, which no initial sync copies; null: not known.</summary>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var (list, _) = await calls.RunAsync(target, host, MemberCommands.Admin, MemberCommands.Databases, timeout, cancellationToken);
            var names = list.Docs("databases").Select(d => d.Text("name")).OfType<string>().Where(n => n != MemberCommands.Local).ToList();
            if (names.Count > MostDatabases)
            {
                return null;
            }

            var sum = 0L;
            foreach (var name in names)
            {
                var left = (2 * timeout) - time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                var (stats, _) = await calls.RunAsync(target, host, name, MemberCommands.DatabaseStats, left, cancellationToken);
                if (stats.Whole("dataSize") is not (>= 0 and var size))
                {
                    return null;
                }

                sum += size;
            }

            return sum;
        }
        catch (MongoCallException)
        {
            // An estimate, not more: the row in status says Unknown.
            return null;
        }
    }
}
