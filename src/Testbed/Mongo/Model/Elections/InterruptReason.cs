namespace Modestano.Testbed.Mongo.Model;

/// <summary>Why a leader stopped leading.</summary>
internal enum InterruptReason
{
    SteppedDown,
    NewerTerm,
}
