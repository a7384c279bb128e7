using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.Backends;

/// <summary>Makes a hosted zone at an endpoint of Route 53 with the AWS command line and the credentials of the environment.</summary>
internal static class HostedZoneCommand
{
    /// <returns>The zone's id.</returns>
    /// <exception cref="InvalidOperationException">aws refused; the message has what it said.</exception>
    public static async Task<string> CreateAsync(Uri endpoint, string name, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "aws",
            ["route53", "create-hosted-zone", "--endpoint-url", endpoint.ToString(), "--name", name, "--caller-reference", Guid.NewGuid().ToString(), "--output", "json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"no hosted zone {name} at {endpoint}: {await errors}");
        }

        var id = JsonNode.Parse(output)!["HostedZone"]!["Id"]!.GetValue<string>();
        return id[(id.LastIndexOf('/') + 1)..];
    }
}
