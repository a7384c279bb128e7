using System.Globalization;
using System.Text;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary><c>int()</c>, <c>string()</c>, <c>duration()</c> and the other type conversions.</summary>
internal static class Conversions
{
    public static void AddTo(FunctionTable table)
    {
        table.Function("dyn", CelKind.Dyn, a => a[0], CelKind.Dyn);
        table.Function("type", CelKind.Type, a => new CelTypeName(NameOf(CelComparer.KindOf(a[0]))), CelKind.Dyn);

        table.Function("int", CelKind.Int, a => a[0], CelKind.Int);
        table.Function("int", CelKind.Int, a => Operators.Checked(() => checked((long)(ulong)a[0])), CelKind.Uint);
        table.Function("int", CelKind.Int, a => Operators.Checked(() => checked((long)(double)a[0])), CelKind.Double);
        table.Function("int", CelKind.Int, a => ((DateTimeOffset)a[0]).ToUnixTimeSeconds(), CelKind.Timestamp);
        table.Function("int", CelKind.Int, a => ((TimeSpan)a[0]).Ticks * 100, CelKind.Duration);
        table.Function("int", CelKind.Int, a => Read((string)a[0], "int", long.TryParse(Text(a), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n), n), CelKind.String);

        table.Function("uint", CelKind.Uint, a => a[0], CelKind.Uint);
        table.Function("uint", CelKind.Uint, a => Operators.Checked(() => checked((ulong)(long)a[0])), CelKind.Int);
        table.Function("uint", CelKind.Uint, a => Operators.Checked(() => checked((ulong)(double)a[0])), CelKind.Double);
        table.Function("uint", CelKind.Uint, a => Read((string)a[0], "uint", ulong.TryParse(Text(a), NumberStyles.None, CultureInfo.InvariantCulture, out var n), n), CelKind.String);

        table.Function("double", CelKind.Double, a => a[0], CelKind.Double);
        table.Function("double", CelKind.Double, a => (double)(long)a[0], CelKind.Int);
        table.Function("double", CelKind.Double, a => (double)(ulong)a[0], CelKind.Uint);
        table.Function("double", CelKind.Double, a => Read((string)a[0], "double", double.TryParse(Text(a), NumberStyles.Float, CultureInfo.InvariantCulture, out var n), n), CelKind.String);

        foreach (var kind in new[] { CelKind.String, CelKind.Bool, CelKind.Int, CelKind.Uint, CelKind.Double, CelKind.Bytes, CelKind.Timestamp, CelKind.Duration })
        {
            table.Function("string", CelKind.String, a => CelText.Of(a[0]), kind);
        }

        table.Function("bool", CelKind.Bool, a => a[0], CelKind.Bool);
        table.Function("bool", CelKind.Bool, a => Text(a) is "true" or "True" or "TRUE" or "t" or "1" || Read(Text(a), "bool", Text(a) is "false" or "False" or "FALSE" or "f" or "0", false) is true, CelKind.String);
        table.Function("bytes", CelKind.Bytes, a => a[0], CelKind.Bytes);
        table.Function("bytes", CelKind.Bytes, a => Encoding.UTF8.GetBytes(Text(a)), CelKind.String);

        table.Function("duration", CelKind.Duration, a => a[0], CelKind.Duration);
        table.Function("duration", CelKind.Duration, a => GoDuration.TryParse(Text(a), out var d) ? d : throw new CelException($"time: invalid duration {JsonForm.Quote(Text(a))}"), CelKind.String);
        table.Function("timestamp", CelKind.Timestamp, a => a[0], CelKind.Timestamp);
        table.Function("timestamp", CelKind.Timestamp, a => DateTimeOffset.FromUnixTimeSeconds((long)a[0]), CelKind.Int);
        table.Function("timestamp", CelKind.Timestamp, a => Time(Text(a)), CelKind.String);
    }

    /// <summary>An RFC 3339 time.</summary>
    /// <exception cref="CelException">The text is none.</exception>
    public static DateTimeOffset Time(string text) =>
        StringFormats.IsDateTime(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CelException($"parsing time {JsonForm.Quote(text)}: not of the form 2006-01-02T15:04:05Z07:00");

    private static string Text(object[] arguments) => (string)arguments[0];

    private static object Read<T>(string text, string type, bool isRead, T value)
        where T : struct => isRead ? value : throw new CelException($"type conversion error from {JsonForm.Quote(text)} to '{type}'");

    private static string NameOf(CelKind kind) => kind switch
    {
        CelKind.Null => "null_type",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
