namespace Modestano.Scenarios.Hostile;

/// <summary>What a compromised mongod does to whoever connects to it.</summary>
internal enum Malice
{
    /// <summary>Takes every command and answers none.</summary>
    IsSilent,

    /// <summary>Answers rightly, a byte every tenth of a second.</summary>
    Drips,

    /// <summary>Answers with as much as a message may hold, in fields as small as can be.</summary>
    Floods,

    /// <summary>Answers with documents in each other, a hundred thousand deep.</summary>
    Nests,

    /// <summary>Answers one awaited hello with hellos without end, each with another primary.</summary>
    Chatters,

    /// <summary>Asks each login for as much hashing as is allowed and with another salt each time, or for half an hour of it.</summary>
    Hashes,

    /// <summary>Begins a TLS handshake and never comes to its end.</summary>
    Shakes,

    /// <summary>Lets everybody in, and names fifty other members each time that it is asked: new ones, others' hosts, this machine, a metadata service.</summary>
    Names,
}
