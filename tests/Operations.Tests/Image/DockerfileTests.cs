using System.Text.RegularExpressions;

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
    public void Packages_come_from_the_lock_files() => Assert.That(Text, Does.Contain("dotnet restore src/Operator --locked-mode"));

    [Test]
    public void Its_version_is_that_of_the_project_unless_told_otherwise()
    {
        var version = Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.+)</Version>").Groups[1].Value;
        Assert.That(Regex.Matches(Text, @"^ARG VERSION=(\S+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value), Is.EqualTo(new[] { version, version }));
    }
}
