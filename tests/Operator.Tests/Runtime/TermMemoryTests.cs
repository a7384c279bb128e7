using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Observability.Scraping;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Events;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Leadership;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>What a leader remembers ends with its term, by one mechanism: <see cref="ILeadershipListener"/>.</summary>
public sealed class TermMemoryTests
{
    /// <summary>What may outlive a term, and why.</summary>
    private static readonly Dictionary<Type, string> Outlive = new()
    {
        [typeof(EntityCache<>)] = "filled by the watch on every replica",
        [typeof(KindInformer<>)] = "the watch itself",
        [typeof(Sight)] = "whether the watch sees, on every replica",
        [typeof(Modestano.Operator.Outgoing.OutgoingPipelines)] = "made of the configuration, and remembers nothing of a call",
        [typeof(EntityQueue<>)] = "made anew with each term by its controller's runner",
        [typeof(ControllerRunner<>)] = "the number of a pass in the log",
        [typeof(Pass<>)] = "which objects a controller has to be told of when they are gone",
        [typeof(Finalizers<>)] = "what is registered",
        [typeof(EventRecorder)] = "series of Events, which are not repeated after a term",
        [typeof(LeaseClock)] = "the term itself",
        [typeof(RuntimeState)] = "what the health endpoints tell of the process",
        [typeof(RuntimeMetrics)] = "metrics of the process",
        [typeof(ScrapeReview)] = "who may scrape, asked on every replica",
        [typeof(ServingCertificate)] = "the certificate of the endpoints",
        [typeof(Route53Accounts)] = "clients and request budgets: the account's rate does not begin anew with a term",
        [typeof(KubernetesInstallation)] = "who the installation is, which never changes",
        [typeof(KubeSystemIdentity)] = "the cluster's UID, which never changes",
    };

    [Test]
    public void Every_service_that_remembers_forgets_with_the_term()
    {
        var keepers = Services().Select(Implementation).OfType<Type>().Where(t => t.Assembly == typeof(OperatorHost).Assembly && Remembers(t)).Distinct().ToList();

        var forgetful = keepers.Where(t => !typeof(ILeadershipListener).IsAssignableFrom(t) && !Outlive.ContainsKey(Open(t))).Select(t => t.Name).ToList();

        Assert.That(keepers, Is.Not.Empty);
        Assert.That(forgetful, Is.Empty, "register it by AddTermMemory, or say here why it outlives a term");
    }

    [Test]
    public async Task Every_service_that_forgets_is_told_of_the_end_of_a_term()
    {
        IServiceCollection? services = null;
        await using var app = OperatorHost.Build(Options, Nowhere, s =>
        {
            OperatorHost.AddDomains(s);
            services = s;
        });
        var told = app.Services.GetServices<ILeadershipListener>().Select(l => l.GetType()).ToHashSet();

        var forgotten = services!.Select(Implementation).OfType<Type>().Where(t => typeof(ILeadershipListener).IsAssignableFrom(t) && !t.IsInterface && !told.Contains(t)).Select(t => t.Name);

        Assert.That(told, Is.Not.Empty);
        Assert.That(forgotten, Is.Empty);
    }

    private static readonly OperatorOptions Options = new() { MetricsPort = 0, HealthPort = 0, Identity = "test" };

    private static readonly KubernetesClientConfiguration Nowhere = new() { Host = "http://127.0.0.1:1" };

    private static List<ServiceDescriptor> Services()
    {
        var services = new ServiceCollection();
        services.AddModestanoRuntime(Options.ToRuntimeOptions("default"));
        OperatorHost.AddDomains(services);
        services.AddSingleton<ScrapeReview>();
        return [.. services.Where(s => s.Lifetime == ServiceLifetime.Singleton && !s.IsKeyedService)];
    }

    private static Type? Implementation(ServiceDescriptor service) =>
        service.IsKeyedService ? null : service.ImplementationType ?? service.ImplementationInstance?.GetType() ?? (service.ServiceType.IsClass ? service.ServiceType : null);

    private static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>A field that can be written after the constructor, or a collection that can change. A record of options has neither.</summary>
    private static bool Remembers(Type type)
    {
        for (var t = type; t is not null && t.Assembly == typeof(OperatorHost).Assembly; t = t.BaseType)
        {
            if (t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Any(IsMemory))
            {
                return true;
            }
        }

        return false;

        // A primary constructor's parameter is a field that nobody writes.
        static bool IsMemory(FieldInfo field) =>
            (!field.IsInitOnly && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.Name.StartsWith('<'))
            || (field.IsInitOnly && !typeof(Delegate).IsAssignableFrom(field.FieldType) && IsMutableCollection(field.FieldType));
    }

    private static bool IsMutableCollection(Type type) =>
        typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && !type.IsArray && !type.IsInterface && type.IsClass
        && type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true && !type.Namespace.Contains("Immutable", StringComparison.Ordinal)
        && !type.Namespace.Contains("Frozen", StringComparison.Ordinal);
}
