using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Authentication;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The driver's SCRAM mechanism, one for all connections of a set. The driver makes one for each connection, and each derives the key from the
/// password anew: thousands of rounds, milliseconds of processor. The mechanism itself keeps the key; members of a set have the same salt, so
/// the first login pays for all.
/// </summary>
internal sealed class SharedLogin
{
    private const string Property = "modestano-shared-login";

    private readonly Lock _gate = new();
    private readonly string _mechanism;
    private ISaslMechanism? _shared;

    static SharedLogin()
    {
        foreach (var mechanism in Mechanisms)
        {
            MongoClientSettings.Extensions.SaslMechanisms.Register(Registered(mechanism), Find);
        }
    }

    /// <summary>A login by one of <see cref="Mechanisms"/>.</summary>
    public SharedLogin(string mechanism) => _mechanism = mechanism;

    /// <summary>The mechanisms that derive a key.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["SCRAM-SHA-256", "SCRAM-SHA-1"];

    /// <summary>The credential for a client.</summary>
    /// <param name="user">The user.</param>
    /// <param name="password">The password.</param>
    /// <param name="mostRounds">How many rounds of hashing a member may ask for.</param>
    /// <param name="all">What all sets of the namespace may ask for.</param>
    public MongoCredential Credential(string user, string password, int mostRounds, HashingBudget all) =>
        new MongoCredential(Registered(_mechanism), new MongoInternalIdentity("admin", user), new PasswordEvidence(password)).WithMechanismProperty(Property, (this, mostRounds, all));

    private static string Registered(string mechanism) => $"modestano-shared-{mechanism}";

    private static ISaslMechanism Find(SaslContext context)
    {
        var (login, mostRounds, all) = ((SharedLogin, int, HashingBudget))context.MechanismProperties.Single(p => p.Key == Property).Value;
        return login.Mechanism(context, mostRounds, all);
    }

    private ISaslMechanism Mechanism(SaslContext context, int mostRounds, HashingBudget all)
    {
        lock (_gate)
        {
            return _shared ??= new OneAtATime(Make(context), _gate, new ScramBudget(mostRounds, TimeProvider.System, all));
        }
    }

    private ISaslMechanism Make(SaslContext context)
    {
        var own = new SaslContext { Mechanism = _mechanism, Identity = context.Identity, IdentityEvidence = context.IdentityEvidence };
        return MongoClientSettings.Extensions.SaslMechanisms.TryCreate(own, out var mechanism) ? mechanism : throw new NotSupportedException($"the driver has no {_mechanism}");
    }

    /// <summary>The mechanism's memory of its key is not made for several threads; and while one derives the key, the others had better wait for it.</summary>
    private sealed class OneAtATime(ISaslMechanism inner, Lock gate, ScramBudget budget) : ISaslMechanism
    {
        public string Name => inner.Name;

        public string DatabaseName => inner.DatabaseName;

        public ISaslStep? CreateSpeculativeAuthenticationStep() => Step.Of(inner.CreateSpeculativeAuthenticationStep(), gate, budget);

        public BsonDocument CustomizeSaslStartCommand(BsonDocument startCommand) => inner.CustomizeSaslStartCommand(startCommand);

        public ISaslStep? Initialize(SaslConversation conversation, ConnectionDescription description) => Step.Of(inner.Initialize(conversation, description), gate, budget);

        public void OnReAuthenticationRequired() => inner.OnReAuthenticationRequired();

        // SCRAM goes on after no error.
        public bool TryHandleAuthenticationException(MongoException exception, ISaslStep step, SaslConversation conversation, ConnectionDescription description, out ISaslStep? nextStep)
        {
            nextStep = null;
            return false;
        }

        private sealed class Step(ISaslStep inner, Lock gate, ScramBudget budget) : ISaslStep
        {
            public static Step? Of(ISaslStep? inner, Lock gate, ScramBudget budget) => inner is null ? null : new Step(inner, gate, budget);

            public (byte[] BytesToSendToServer, ISaslStep NextStep) Execute(SaslConversation conversation, byte[] bytesReceivedFromServer, CancellationToken cancellationToken)
            {
                // Before the lock: what a member asks for must not hold up the others.
                budget.Take(bytesReceivedFromServer);
                lock (gate)
                {
                    var (bytes, next) = inner.Execute(conversation, bytesReceivedFromServer, cancellationToken);
                    return (bytes, Of(next, gate, budget)!);
                }
            }

            // The driver's steps only compute. The pool has few threads, and everything else in the process waits for one.
            public Task<(byte[] BytesToSendToServer, ISaslStep NextStep)> ExecuteAsync(SaslConversation conversation, byte[] bytesReceivedFromServer, CancellationToken cancellationToken) =>
                ScramRounds.AreMany(bytesReceivedFromServer)
                    ? Task.Factory.StartNew(() => Execute(conversation, bytesReceivedFromServer, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    : Task.FromResult(Execute(conversation, bytesReceivedFromServer, cancellationToken));
        }
    }
}
