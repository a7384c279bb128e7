using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Image;

/// <summary>What docs/releasing.md and docs/security.md say of a release, read from its workflow.</summary>
public sealed class ReleaseWorkflowTests
{
    private static readonly string Text = Repository.Read(".github/workflows/release.yml");

    private static IEnumerable<string> Actions => Regex.Matches(Text, @"uses: (\S+)").Select(m => m.Groups[1].Value);

    [Test]
    public void Actions_of_others_are_named_by_their_content() =>
        Assert.That(Actions.Where(a => !a.StartsWith("actions/", StringComparison.Ordinal)), Is.Not.Empty.And.All.Matches("^[^@]+@[0-9a-f]{40}$"));

    [Test]
    public void Both_bases_are_pinned_by_their_digest()
    {
        Assert.That(Regex.Matches(Text, @"^            (SDK|RUNTIME)=\$\{\{ steps\.bases\.outputs\.\1 \}\}$", RegexOptions.Multiline).Select(m => m.Groups[1].Value), Is.EqualTo(new[] { "SDK", "RUNTIME" }));
        Assert.That(Text, Does.Contain("""echo "$base=$name@$digest" """.TrimEnd()));
    }

    [Test]
    public void The_image_gets_its_name_after_it_was_scanned_and_signed()
    {
        var order = new[] { "push-by-digest=true", "aquasecurity/trivy-action", "cosign sign --yes \"$IMAGE@$DIGEST\"", "imagetools create --tag" }.Select(part => Text.IndexOf(part, StringComparison.Ordinal)).ToList();
        Assert.That(order, Is.Ordered.And.All.GreaterThan(0));
        Assert.That(Regex.Match(Text, @"trivy-action.*?\n\n|trivy-action.*?- uses", RegexOptions.Singleline).Value, Does.Contain("exit-code: \"1\"").And.Contain("HIGH,CRITICAL"));
        Assert.That(Text, Does.Not.Contain("tags: ${{"), "a tag by the build would be there before the scan");
    }

    [Test]
    public void What_is_published_is_signed_by_its_digest() =>
        Assert.That(Regex.Count(Text, @"cosign sign --yes ""[^""]*@\$(DIGEST|digest)"""), Is.EqualTo(2), "image and chart");
}
