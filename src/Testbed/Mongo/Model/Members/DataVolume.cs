namespace Modestano.Testbed.Mongo.Model;

/// <summary>A volume, in bytes.</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="UsedBytes">Its size without what a user other than root may still write.</param>
public sealed record DataVolume(long TotalBytes, long UsedBytes)
{
    /// <summary>One that cannot be looked at.</summary>
    public static DataVolume Unreadable { get; } = new(-1, -1);
}
