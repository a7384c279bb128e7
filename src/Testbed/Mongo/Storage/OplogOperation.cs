using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// One replicated change, as the oplog carries it, without its optime. Applying it twice has the effect of applying it once.
/// </summary>
/// <param name="Op"><c>i</c> insert, <c>u</c> update, <c>d</c> delete, <c>c</c> command, <c>n</c> no-op.</param>
/// <param name="Namespace">Database and collection, <c>shop.orders</c>; for <c>c</c> it is <c>shop.$cmd</c>.</param>
/// <param name="O">
/// <c>i</c>: the document. <c>u</c>: the whole document after the update. <c>d</c>: <c>{_id}</c>.
/// <c>c</c>: <c>{create}</c>, <c>{createIndexes}</c>, <c>{dropIndexes}</c>, <c>{drop}</c> or <c>{dropDatabase: 1}</c>.
/// </param>
/// <param name="O2">For <c>u</c> the document's <c>{_id}</c>; otherwise null.</param>
/// <remarks>Its documents are shared between members and snapshots: nobody may change them.</remarks>
public sealed record OplogOperation(string Op, string Namespace, BsonDocument O, BsonDocument? O2 = null)
{
    /// <summary>The operation as a field list in the server's order (<c>op, ns, o, o2</c>).</summary>
    public BsonDocument ToBson()
    {
        var document = new BsonDocument { { "op", Op }, { "ns", Namespace }, { "o", O } };
        if (O2 is not null)
        {
            document.Add("o2", O2);
        }

        return document;
    }
}
