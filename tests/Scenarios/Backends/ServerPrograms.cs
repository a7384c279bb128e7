using Modestano.Testbed;
using Modestano.Testbed.Backends;

namespace Modestano.Scenarios.Backends;

/// <summary>Programs with the names and command lines of the real servers, which serve the embedded ones; to test what starts real servers.</summary>
internal sealed class ServerPrograms : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modestano-programs-");

    public ServerPrograms()
    {
        foreach (var name in new[] { "mongod", "kube-apiserver", "etcd" })
        {
            var path = Path.Combine(_folder.FullName, name);
            File.WriteAllText(path, $"#!/bin/sh\nexec dotnet '{typeof(World).Assembly.Location}' {name} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>As the variables would name them.</summary>
    public BackendChoice Choose(Uri? route53) => new(_folder.FullName, Path.Combine(_folder.FullName, "mongod"), route53);

    public void Dispose() => _folder.Delete(recursive: true);
}
