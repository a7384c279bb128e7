using System.Text.RegularExpressions;
using Modestano.Testbed;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>
/// Every command that a page tells a person to type is run as it stands there, in one world with the operator in it. Programs that need what the
/// world does not have (pods, a real mongosh, a container engine) are at least understood by their shell, and by kubectl's own parser.
/// </summary>
public sealed partial class DocumentedCommandTests
{
    // Not here, and nobody can install them for a test: their lines must at least be shell.
    private static readonly string[] Foreign = ["mongosh", "nc", "ssh", "docker", "dotnet", "terraform", "argocd", "install", "chmod", "sha256sum", "git"];

    // They need pods, which the embedded API server does not run: kubectl must know the command and its flags.
    private static readonly string[] OfPods = ["logs", "port-forward", "rollout", "exec"];

    private OperatedStage stage = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        stage = await OperatedStage.StartAsync();
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["NAME"] = "marketplace",
            ["NAMESPACE"] = OperatedStage.Namespace,
            ["OPERATOR_NAMESPACE"] = "system",
            ["SERVICE_ACCOUNT"] = "controller-manager",
            ["MIGRATION"] = "ireland-to-london",
            ["KIND"] = "mrs",
            ["MEMBER"] = "mongo-a.eu-west-1.modestano.test:27017",
            ["RECORD"] = "shop.modestano.test",
            ["NAME_SERVER"] = stage.World.Route53.Dns.Address.ToString(),
            ["ZONE"] = SampleNames.ZoneId,
            ["ME"] = "me@modestano.test",
            ["VERSION"] = "0.1.0",
            ["IMAGE"] = "registry.example.com/modestano-operator",
        })
        {
            stage.Variables[name] = value;
        }

        // The folder in which a person stands who reads the pages: the repository's, by links.
        foreach (var entry in new DirectoryInfo(Repository.PathOf(".")).GetFileSystemInfos().Where(e => e.Name is "charts" or "config" or "Makefile" or "hack" or "src" or "Directory.Build.props"))
        {
            File.CreateSymbolicLink(Path.Combine(stage.Folder, entry.Name), entry.FullName);
        }

        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "password.txt"), SampleNames.OperatorPassword);
        File.Copy(Repository.PathOf("charts/modestano-operator/ci/minimal-values.yaml"), Path.Combine(stage.Folder, "my-values.yaml"));
        File.Copy(Path.Combine(stage.Folder, "password.txt"), Path.Combine(stage.Folder, "keyfile"));
        File.Copy(Path.Combine(stage.Folder, "password.txt"), Path.Combine(stage.Folder, "ca.crt"));
        foreach (var space in (string[])["shop", "modestano-operator-system", "ireland", "london"])
        {
            stage.Run($"kubectl create namespace {space}");
        }

        // The clusters of two regions, each a namespace of its own here.
        foreach (var cluster in (string[])["ireland", "london"])
        {
            stage.Run($"kubectl config set-context {cluster} --namespace={cluster} --cluster=$(kubectl config view -o jsonpath='{{.contexts[0].context.cluster}}') --user=$(kubectl config view -o jsonpath='{{.contexts[0].context.user}}')");
        }

        // In the namespace shop live the same objects, as some pages have them there, but nothing may be done for them: no grant.
        var demo = Repository.PathOf("config/samples/demo");
        stage.Run($"kubectl kustomize {demo} | kubectl apply -f - ");
        stage.Run("kubectl annotate rmig ireland-to-london mongo.modestano.io/hold=setup");
        await stage.ReachAsync("mrs", "marketplace", o => (string?)o["status"]?["phase"] == "Settled", "settled");
        await stage.ReachAsync("wdr", "shop", o => o["status"]?["change"] is not null, "changed");
        stage.Variables["CHANGE"] = (string)stage.Get("wdr", "shop")["status"]!["change"]!["id"]!;
        stage.Run("kubectl patch mrs marketplace --type merge -p '{\"spec\":{\"reconfiguration\":{\"approval\":\"Manual\"},\"settings\":{\"heartbeatTimeoutSecs\":11}}}'");
        await stage.ReachAsync("mrs", "marketplace", o => o["status"]?["plan"] is not null && (long?)o["status"]?["observedGeneration"] == (long?)o["metadata"]?["generation"], "a plan that waits");
    }

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    [Test]
    public void Every_command_of_the_pages_works_as_it_stands_there()
    {
        var commands = Pages().Where(page => page != "docs/tutorial.md").SelectMany(page => DocumentedCommand.Of(page, Repository.Read(page))).DistinctBy(c => c.Text).ToList();
        Assert.That(commands, Has.Count.GreaterThan(50), "the pages are read");
        var failures = new List<string>();
        // What changes something comes last, in the order of the pages, and what takes everything away at the very end.
        foreach (var command in commands.OrderBy(c => c.Text.StartsWith("kubectl delete crd", StringComparison.Ordinal) ? 4 : c.Text.StartsWith("kubectl delete rmig", StringComparison.Ordinal) ? 3 : c.Text.Contains("roll-back", StringComparison.Ordinal) ? 2 : Changes().IsMatch(c.Text) ? 1 : 0))
        {
            if (Problem(command) is { } problem)
            {
                failures.Add($"{command}\n    {problem}");
            }
        }

        TestContext.Out.WriteLine($"{commands.Count} commands, {commands.Count - failures.Count} work");
        Assert.That(failures, Is.Empty, string.Join('\n', failures));
    }

    private string? Problem(DocumentedCommand command)
    {
        stage.Variables["NAME"] = command.Page switch
        {
            "docs/runbooks/ModestanoDnsChangeStuck.md" => "shop",
            "docs/runbooks/ModestanoMigrationHeldByGate.md" or "docs/runbooks/ModestanoMigrationAwaitsPromotion.md" => "ireland-to-london",
            _ => "marketplace",
        };
        var text = Prepared(command.Text);
        var words = text.Split(' ');
        if (Foreign.Contains(words[0]))
        {
            return Told(stage.Try($"bash -n <<'END'\n{text}\nEND"));
        }

        if (text.StartsWith("aws cloudformation", StringComparison.Ordinal))
        {
            // Nobody deploys from a test: the template and the parameters that the page names must be there.
            var template = Repository.Read(words[Array.IndexOf(words, "--template-file") + 1]);
            var unknown = words.Where(w => w.Contains('=', StringComparison.Ordinal)).Select(w => w.Split('=')[0]).Where(name => !template.Contains($"\n  {name}:\n", StringComparison.Ordinal)).ToList();
            return unknown.Count == 0 ? null : $"the template has no parameter {string.Join(", ", unknown)}";
        }

        if (text.StartsWith("aws route53 change-resource-record-sets", StringComparison.Ordinal))
        {
            // It asks for what cannot be done, to see who refuses it.
            var refused = stage.Try(text);
            return refused.Error.Contains("InvalidChangeBatch", StringComparison.Ordinal) ? null : Told(refused);
        }

        if (text.Contains("modestano promote ", StringComparison.Ordinal) || text.Contains("modestano reverse ", StringComparison.Ordinal))
        {
            // The migration is held before its first step: the plugin must say so.
            var early = stage.Try(text);
            return early.Error.Contains("there is nothing to promote", StringComparison.Ordinal) || early.Error.Contains("has not ended", StringComparison.Ordinal) ? null : Told(early);
        }

        if (words[0] == "make")
        {
            // The targets have tests of their own; here they must exist, with their variables.
            return Told(stage.Try($"make -n {words[1]} SEEDS=1"));
        }

        if (words[0] == "kubectl" && OfPods.Any(words.Contains))
        {
            var (_, output, error) = stage.Try($"timeout 5 {text.Split(" &")[0].Split(" |")[0]}");
            return UnknownFlag().IsMatch(output + error) ? error.Trim() : null;
        }

        if (words[0] == "helm" && words[1] is not "template")
        {
            return words[1] is "install" or "upgrade" ? Told(stage.Try(text.Replace($"helm {words[1]}", "helm template", StringComparison.Ordinal).Replace("--create-namespace", "", StringComparison.Ordinal) + " > /dev/null")) : HelmProblem(text);
        }

        if (text.Contains(" -w", StringComparison.Ordinal))
        {
            // A watch ends when somebody ends it.
            var watched = stage.Try($"timeout 3 {text}");
            return watched.Code is 0 or 124 ? null : Told(watched);
        }

        return Told(stage.Try(text.Contains("init replicaset", StringComparison.Ordinal) ? ThroughProxy(text) : text));
    }

    // What the page takes for granted, and what would wait for the reader's next step.
    private string Prepared(string text)
    {
        if (text.Contains("modestano resume ", StringComparison.Ordinal))
        {
            stage.Try(text.Replace(" resume ", " hold ", StringComparison.Ordinal) + " --reason setup");
        }

        if (Makes().Match(text) is { Success: true } makes)
        {
            stage.Try($"kubectl delete secret {makes.Groups[1].Value} --ignore-not-found");
        }

        if (Annotates().Match(text) is { Success: true } annotates)
        {
            stage.Try($"kubectl annotate {annotates.Groups[1].Value}-");
        }

        return text.StartsWith("kubectl delete ", StringComparison.Ordinal) && !text.Contains("rolebinding", StringComparison.Ordinal) ? text + " --wait=false" : text;
    }

    // An installation is what these act on: their flags must be known.
    private string? HelmProblem(string text)
    {
        var (_, output, error) = stage.Try(text);
        return UnknownFlag().IsMatch(output + error) ? error.Trim() : null;
    }

    // The world's members stand behind a proxy and speak no TLS, and the page's reader may have both otherwise.
    private string ThroughProxy(string text)
    {
        var proxy = stage.World.Mongo.ProxyEndPoint!;
        return text.Replace("/?tls=true", $"/?proxyHost={proxy.Address}&proxyPort={proxy.Port}", StringComparison.Ordinal);
    }

    private static string? Told((int Code, string Output, string Error) result) =>
        result.Code == 0 ? null : $"exit code {result.Code}: {(result.Error + result.Output).Trim().Replace("\n", "\n    ", StringComparison.Ordinal)}";

    /// <summary>Every page that tells somebody to type something.</summary>
    public static IEnumerable<string> Pages() =>
    [
        "README.md", "CONTRIBUTING.md", "SECURITY.md", "charts/modestano-operator/README.md", "config/samples/README.md",
        .. new[] { "docs", "docs/runbooks", "docs/decisions" }.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.md").Order(StringComparer.Ordinal).Select(file => $"{folder}/{Path.GetFileName(file)}")),
    ];

    [GeneratedRegex(@"kubectl (annotate|apply|create|delete|label|patch)\b|modestano (hold|resume|roll-back)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Changes();

    [GeneratedRegex(@"kubectl annotate (?!.*--overwrite)(\S+ \S+ [^= ]+)=", RegexOptions.CultureInvariant)]
    private static partial Regex Annotates();

    [GeneratedRegex("kubectl create secret generic (\\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Makes();

    [GeneratedRegex("unknown (flag|command|shorthand)|unrecognized|flag needs an argument", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownFlag();
}
