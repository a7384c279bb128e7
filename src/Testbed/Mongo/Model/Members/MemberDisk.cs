using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>What a member keeps when its process ends.</summary>
internal sealed class MemberDisk(long oplogBytes, Func<DocumentStore> emptyStore)
{
    private string? featuresText;
    private ServerVersion? features;

    /// <summary>The installed config (<c>local.system.replset</c>); null when it was never initialised.</summary>
    public ReplicaSetConfig? Config { get; set; }

    /// <summary>Newest term voted in, and the <c>_id</c> of the member that got the vote (<c>local.replset.election</c>).</summary>
    public (long Term, int CandidateId) LastVote { get; set; } = (-1, -1);

    public Oplog Oplog { get; } = new(oplogBytes);

    public MemberData Data { get; } = new(emptyStore());

    /// <summary>Newest position that a crash does not lose.</summary>
    public OpTime Journaled { get; set; } = OpTime.None;

    /// <summary>True from joining a set until the first initial sync has ended.</summary>
    public bool NeedsInitialSync { get; set; }

    /// <summary>Feature compatibility version of the data; null until the member is initialised.</summary>
    public ServerVersion? Features
    {
        get
        {
            var text = FeatureCompatibility.In(Data.Store)?["version"].AsString;
            if (text != featuresText)
            {
                (featuresText, features) = (text, text is null ? null : ServerVersion.Parse(text));
            }

            return features;
        }
    }

    /// <summary>Counts roll-backs.</summary>
    public int RollbackId { get; set; } = 1;

    /// <summary>Explicit cluster-wide defaults, as <c>setDefaultRWConcern</c> stored them; null while nobody set any.</summary>
    public DefaultReadWriteConcern? Defaults => DefaultConcernDocument.In(Data.Store);

    public DocumentStore NewStore() => emptyStore();

    public void LoseWhatIsNotInTheJournal()
    {
        if (Journaled < Oplog.Last)
        {
            Oplog.TruncateAfter(Journaled);
            Data.GoBackTo(Oplog.Last, Oplog);
        }
    }
}
