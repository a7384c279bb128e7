using System.Text.RegularExpressions;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>Where an answer may differ from the recorded one, and why. Everything else must agree.</summary>
internal static class MayDiffer
{
    private static readonly (string Topic, string Exchange, string Difference, string Reason)[] Known =
    [
        ("", "GET /version", @"^\.(gitVersion|gitCommit|goVersion|compiler)", "another program"),
        ("", "GET /api", @"serverAddress: |storageVersionHash is missing", "the address is another; the hash only serves storage migrations"),
        ("", "customresourcedefinitions", @"metadata\.(generation|resourceVersion|annotations)", "the recorder had applied the definition, and written it before"),
        ("", "/(deployments|pods|resourcequotas)", @"\.status is missing: \{\}|template\.metadata\.creationTimestamp is missing", "Go writes empty structures out"),
        ("", "/services", @"\.clusterIPs?(\[0\])?: wanted|\.cells\[2\]: wanted ""10\.", "an address of the cluster's choice"),
        ("kustomize", "DELETE .*/services/op", "last-applied-configuration", "the move of ownership that rewrote it is not sent"),
        ("", "DELETE .*/pods/", @"^\.metadata\.deletion", "the pod went at once here"),
        ("", "/readyz.verbose", "^: wanted", "the checks of another program"),
        ("", "PUT with another uid", @"^\.message: ", "the text quotes the keys of etcd"),
        ("", "two controllers", "message: ", "the text quotes Go structures"),
        ("", "events.k8s.io/v1: validation errors", @"^\.details\.group is too much", "the real server leaves the group out for this kind only"),
        ("", "/nosub ", @"^\.(message|details)", "either way a 404"),
        ("", "/widgets/w1 .cluster-scoped path", "", "either way a 404; the real one says it in plain text"),
        ("", "/serviceaccounts.limit", @"^\.rows: ", "this server has a default account, as a cluster with controllers has"),
        ("", "/clusterroles/view", "", "the default roles of this server are those that the chart refers to"),
        ("", "/roles.limit", @"^\.rows: wanted , found \[\]", "an empty table is an empty list here, and null there"),
        ("", "delete it .finalizer customresourcecleanup|delete the CRD: 200", @"^\.status\.conditions", "this server has no instance left by the time it answers"),
        ("", "several schema errors", "causes", "the value of a cause is a Go structure"),
        ("", "2e0 and 3.0 for integers", "message: ", "the text names types of the Go implementation"),
        ("", "numbers|as read back", @"^\.spec\.extra\.h: ", "beyond int64, Go rounds to a double; this server keeps the digits"),
        ("", "415 PATCH core kind", @"^\.(message|details)", "either way a 415"),
        ("", "events .no watch cache", @"^line 0\.object\.message: ", "one history serves all kinds here, so the text is that of kinds with a watch cache"),
        ("", "504 Timeout: too large|future resourceVersion", @"^\.message: ", "the text quotes the newest resourceVersion of the server"),
        ("", "group, scope and plural are immutable", @"causes", "this server also says that the name no longer fits"),
        ("", "create while the CRD is terminating", @"^\.message: ", "either way a 405"),
        ("", "watch with sendInitialEvents", @"causes", "this server knows the parameter and names it too"),
        ("", "tokenreviews", @"managedFields|^\.status\.user\.(uid|groups)", "a review is not stored; the recorder's users came from a token file, with groups and ids of its own"),
        ("", "/serviceaccounts/sa1/token", @"managedFields", "a token request is not stored"),
        ("patch", "merge patch: an array", @"message", "the text quotes Go's parser"),
        ("label-annotate", "016-01", @"", "the text quotes the whole object"),
    ];

    public static bool Allows(string topic, RecordedExchange exchange, string difference) => exchange.Id is not null && Known.Any(k =>
        (k.Topic.Length == 0 || k.Topic == topic) && Regex.IsMatch(exchange.ToString(), k.Exchange) && Regex.IsMatch(difference, k.Difference));
}
