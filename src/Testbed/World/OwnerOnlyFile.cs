namespace Modestano.Testbed;

/// <summary>Files with keys and tokens: nobody but their owner may read them, from the moment on that they exist.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Writes a file anew.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(path);
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
