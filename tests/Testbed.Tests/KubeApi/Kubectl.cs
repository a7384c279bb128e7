using System.ComponentModel;
using System.Diagnostics;
using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>Runs the kubectl of this machine against a server, with a folder of its own for kubeconfig, cache and manifests.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("modestano-kubectl-");

    private string editor = "false";

    public Kubectl(KubeApiServer server, string user = KubeApiServer.Admin) => server.WriteKubeconfig(Path.Combine(folder.FullName, "config"), user);

    /// <summary>Writes a manifest; the result is its path.</summary>
    public string Manifest(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a command that must succeed; the result is what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var result = await TryAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, $"kubectl {string.Join(' ', arguments)}: {result.Error}{result.Output}");
        return result.Output;
    }

    public async Task<KubectlResult> TryAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new AssertionException($"kubectl {string.Join(' ', arguments)} did not end within {Limit}: {await error}{await output}");
        }

        return new KubectlResult(process.ExitCode, await output, await error);
    }

    /// <summary>Edits an object with <c>sed</c> as the editor; a file that is opened again, because what came of it was refused, is left as it is.</summary>
    public async Task<KubectlResult> EditAsync(string expression, params string[] arguments)
    {
        var script = Manifest("editor.sh", $"#!/bin/sh\ngrep -q 'was not valid\\|is invalid' \"$1\" || sed -i '{expression}' \"$1\"\n");
        editor = $"sh {script}";
        return await TryAsync(["edit", .. arguments]);
    }

    /// <summary>Starts a command that goes on until it is killed, such as <c>get -w</c>.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = Path.Combine(folder.FullName, "config");
        start.Environment["HOME"] = folder.FullName;
        start.Environment["KUBE_EDITOR"] = editor;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new AssertionException($"These tests need kubectl on PATH; `make tools` installs it. ({e.Message})");
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}

internal sealed record KubectlResult(int ExitCode, string Output, string Error);
