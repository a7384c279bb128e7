namespace Modestano.Testbed.Backends;

/// <summary>Which parts of a world are real servers. Null: the embedded one.</summary>
/// <param name="KubernetesAssets">Folder with <c>kube-apiserver</c> and <c>etcd</c>.</param>
/// <param name="Mongod">Path of a <c>mongod</c>.</param>
/// <param name="Route53">Endpoint of a Route 53.</param>
public sealed record BackendChoice(string? KubernetesAssets, string? Mongod, Uri? Route53)
{
    /// <summary>Every part embedded.</summary>
    public static BackendChoice Embedded { get; } = new(null, null, null);

    /// <summary>As <c>KUBEBUILDER_ASSETS</c>, <c>MODESTANO_MONGOD</c> and <c>AWS_ENDPOINT_URL_ROUTE_53</c> say.</summary>
    /// <exception cref="ArgumentException">A variable names what is not there.</exception>
    public static BackendChoice FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var choice = new BackendChoice(
            Value("KUBEBUILDER_ASSETS"), Value("MODESTANO_MONGOD"), Value("AWS_ENDPOINT_URL_ROUTE_53") is { } url ? new Uri(url) : null);
        foreach (var (name, file) in new[]
        {
            ("KUBEBUILDER_ASSETS", choice.KubernetesAssets is { } assets ? Path.Combine(assets, "kube-apiserver") : null),
            ("KUBEBUILDER_ASSETS", choice.KubernetesAssets is { } folder ? Path.Combine(folder, "etcd") : null),
            ("MODESTANO_MONGOD", choice.Mongod),
        })
        {
            if (file is not null && !File.Exists(file))
            {
                throw new ArgumentException($"{name} asks for {file}, and there is no such file", nameof(variable));
            }
        }

        return choice;
    }

    /// <summary>One line for people: which server each part is.</summary>
    public override string ToString() =>
        $"backends: kubernetes {KubernetesAssets ?? "embedded"}, mongodb {Mongod ?? "embedded"}, route53 {Route53?.ToString() ?? "embedded"}";
}
