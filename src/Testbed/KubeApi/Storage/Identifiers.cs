namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>Uids and generated name endings, the same ones for the same seed.</summary>
internal sealed class Identifiers(int seed)
{
    // Without vowels and easily confused digits, as Kubernetes generates them.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    public string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (gate)
        {
            random.NextBytes(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    public string Suffix(int length)
    {
        lock (gate)
        {
            return string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        }
    }
}
