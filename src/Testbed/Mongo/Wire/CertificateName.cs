using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Names of certificates as MONGODB-X509 users carry them.</summary>
public static class CertificateName
{
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "emailAddress",
    };

    /// <summary>The subject as RFC 2253 writes it: most specific part first, commas without spaces, <c>CN=operator,O=Modestano</c>.</summary>
    public static string Rfc2253(X509Certificate certificate)
    {
        using var copy = new X509Certificate2(certificate);
        var parts = copy.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true)
            .Where(part => !part.HasMultipleElements)
            .Select(part => $"{NameOf(part.GetSingleElementType().Value!)}={Escape(part.GetSingleElementValue() ?? string.Empty)}");
        return string.Join(',', parts);
    }

    private static string NameOf(string oid) => ShortNames.GetValueOrDefault(oid, oid);

    private static string Escape(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var special = value[i] is ',' or '+' or '"' or '\\' or '<' or '>' or ';'
                || (i == 0 && value[i] is '#' or ' ') || (i == value.Length - 1 && value[i] == ' ');
            text.Append(special ? "\\" : string.Empty).Append(value[i]);
        }

        return text.ToString();
    }
}
