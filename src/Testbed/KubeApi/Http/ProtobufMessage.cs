using System.Text;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>The shape of a protobuf message: which field number stands for which JSON property.</summary>
internal sealed class ProtobufMessage(params (int Number, string Name, ProtobufField Field)[] fields)
{
    private readonly Dictionary<int, (string Name, ProtobufField Field)> byNumber = fields.ToDictionary(f => f.Number, f => (f.Name, f.Field));

    /// <summary>Reads a message; fields without a shape are left out, and empty strings are as if absent.</summary>
    /// <exception cref="InvalidDataException">The bytes end in the middle of a field.</exception>
    public JsonObject Read(ReadOnlySpan<byte> bytes)
    {
        var result = new JsonObject();
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes);
            var number = (int)(tag >> 3);
            var (name, field) = byNumber.GetValueOrDefault(number, ("", ProtobufField.Text));
            switch (tag & 7)
            {
                case 0:
                    var value = Varint(ref bytes);
                    if (name.Length > 0 && value != 0)
                    {
                        result[name] = field.Kind == ProtobufKind.Flag ? JsonValue.Create(true) : JsonValue.Create((long)value);
                    }

                    break;
                case 1:
                    Take(ref bytes, 8);
                    break;
                case 2:
                    var content = Take(ref bytes, Length(Varint(ref bytes)));
                    if (name.Length > 0)
                    {
                        field.Add(result, name, content);
                    }

                    break;
                case 5:
                    Take(ref bytes, 4);
                    break;
                default:
                    throw new InvalidDataException($"field {number} has the wire type {tag & 7}, which is not used");
            }
        }

        return result;
    }

    private static int Length(ulong value) => value <= int.MaxValue ? (int)value : throw new InvalidDataException("unexpected EOF");

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (length > bytes.Length)
        {
            throw new InvalidDataException("unexpected EOF");
        }

        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("unexpected EOF");
    }
}

internal enum ProtobufKind
{
    Text,
    Base64,
    Number,
    Flag,
    Message,
    TextMap,
    Base64Map,
}

/// <summary>What one field of a message becomes in JSON.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="IsList">It may be there many times.</param>
/// <param name="Of">The shape of a nested message.</param>
internal sealed record ProtobufField(ProtobufKind Kind, bool IsList = false, ProtobufMessage? Of = null)
{
    public static readonly ProtobufField Text = new(ProtobufKind.Text);
    public static readonly ProtobufField Texts = new(ProtobufKind.Text, IsList: true);
    public static readonly ProtobufField Number = new(ProtobufKind.Number);
    public static readonly ProtobufField Flag = new(ProtobufKind.Flag);
    public static readonly ProtobufField TextMap = new(ProtobufKind.TextMap);
    public static readonly ProtobufField Base64Map = new(ProtobufKind.Base64Map);

    private static readonly ProtobufMessage TextEntry = new((1, "key", Text), (2, "value", Text));
    private static readonly ProtobufMessage BytesEntry = new((1, "key", Text), (2, "value", new ProtobufField(ProtobufKind.Base64)));

    public static ProtobufField Message(ProtobufMessage of) => new(ProtobufKind.Message, Of: of);

    public static ProtobufField Messages(ProtobufMessage of) => new(ProtobufKind.Message, IsList: true, of);

    public void Add(JsonObject to, string name, ReadOnlySpan<byte> content)
    {
        if (Kind is ProtobufKind.TextMap or ProtobufKind.Base64Map)
        {
            var entry = (Kind == ProtobufKind.TextMap ? TextEntry : BytesEntry).Read(content);
            var map = to[name] as JsonObject ?? [];
            to[name] ??= map;
            map[entry["key"]?.GetValue<string>() ?? ""] = entry["value"]?.GetValue<string>() ?? "";
            return;
        }

        JsonNode? value = Kind switch
        {
            ProtobufKind.Text => JsonValue.Create(Encoding.UTF8.GetString(content)),
            ProtobufKind.Base64 => JsonValue.Create(Convert.ToBase64String(content)),
            ProtobufKind.Message => Of!.Read(content),
            _ => null,
        };
        if (IsList)
        {
            var list = to[name] as JsonArray ?? [];
            to[name] ??= list;
            list.Add(value);
        }
        else if (value is JsonObject || content.Length > 0)
        {
            to[name] = value;
        }
    }
}
