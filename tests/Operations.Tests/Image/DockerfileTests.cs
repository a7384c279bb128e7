using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Modestano.Operations.Tests.Image;

/// <summary>What the image promises, read from the Dockerfile.</summary>
public sealed class DockerfileTests
{
    private static readonly string Text = Repository.Read("Dockerfile");

    private static string LastStage => Text[Text.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

    [Test]
    public void Both_bases_are_pinned_to_a_patch_version() => Assert.That(
        Regex.Matches(Text, @"^ARG (?:SDK|RUNTIME)=\S+:(\S+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList(),
        Has.Count.EqualTo(2).And.All.Matches(@"^\d+\.\d+\.\d+-"));

    [Test]
    public void It_runs_as_a_user_with_a_number_other_than_root() =>
        Assert.That(LastStage, Does.Match(@"\nUSER [1-9]\d*:[1-9]\d*\n"));

    [Test]
    public void The_image_that_needs_no_container_engine_is_the_same()
    {
        var project = XElement.Parse(Repository.Read("src/Operator/Modestano.Operator.csproj"));
        string? Value(string name) => project.Descendants(name).SingleOrDefault()?.Value;
        string[] Items(string name) => [.. project.Descendants(name).Select(e => $"{e.Attribute("Include")!.Value}{(e.Attribute("Value") is { } value ? $"={value.Value}" : "")}")];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text, Does.Contain($"\nARG RUNTIME={Value("ContainerBaseImage")}\n"));
            Assert.That(LastStage, Does.Contain($"\nUSER {Value("ContainerUser")}\n"));
            Assert.That(LastStage, Does.Contain($"\nEXPOSE {string.Join(' ', Items("ContainerPort"))}\n"));
            Assert.That(LastStage, Does.Contain($"\nENV {string.Join(' ', Items("ContainerEnvironmentVariable"))}\n"));
            Assert.That(LastStage, Does.Contain($"image.licenses=\"{Value("ContainerLicenseExpression")}\"").And.Contain($"image.title=\"{Value("ContainerTitle")}\""));
        }
    }

    [Test]
    public void Packages_come_from_the_lock_files() => Assert.That(Text, Does.Contain("dotnet restore src/Operator --locked-mode"));

    [Test]
    public void Its_version_is_that_of_the_project_unless_told_otherwise()
    {
        var version = Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.+)</Version>").Groups[1].Value;
        Assert.That(Regex.Matches(Text, @"^ARG VERSION=(\S+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value), Is.EqualTo(new[] { version, version }));
    }
}
