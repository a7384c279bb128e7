using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

public sealed class KnownValuesTests
{
    [TestCaseSource(typeof(ClosedSet), nameof(ClosedSet.All))]
    public void A_value_from_a_newer_version_is_told_with_its_field_and_with_what_is_allowed(ClosedSet field)
    {
        var told = KnownValues.Unknown(With(field, "FromTheFuture"));

        Assert.That(told, Does.StartWith($"{field.Told}: FromTheFuture is not known to this version of the operator, which knows {string.Join(", ", field.Allowed)}: "));
    }

    [TestCaseSource(typeof(ClosedSet), nameof(ClosedSet.All))]
    public void Every_value_that_the_schema_allows_is_known_as_it_is_written_and_not_otherwise(ClosedSet field)
    {
        Assert.That(field.Allowed.Select(v => KnownValues.Unknown(With(field, v))), Is.All.Null);
        Assert.That(field.Allowed.Where(v => v != Swapped(v)).Select(v => KnownValues.Unknown(With(field, Swapped(v)))), Is.All.Not.Null);
    }

    [Test]
    public void The_fields_are_found_in_all_kinds_and_in_lists() =>
        Assert.That(ClosedSet.All.Select(f => f.ToString()), Is.SupersetOf(new[]
        {
            "MongoReplicaSet reconfiguration.mode", "MongoReplicaSet connection.tls.mode", "WeightedDnsRecord adoption.mode",
            "RegionMigration intent", "RegionMigration gates.probes[name].scheme",
        }));

    [Test]
    public void What_may_be_left_out_is_known_when_it_is_and_null_is_no_value_of_the_rest()
    {
        var probes = new GatesSpec { Probes = [new ProbeGate { Name = "api" }] };

        Assert.That(KnownValues.Unknown(new RegionMigrationSpec { Gates = probes }), Is.Null);
        Assert.That(KnownValues.Unknown(new RegionMigrationSpec { Intent = null! }), Does.StartWith("spec.intent: null "));
    }

    [Test]
    public void Of_a_long_value_only_the_beginning_is_told() =>
        Assert.That(KnownValues.Unknown(new WeightedDnsRecordSpec { Mode = new string('x', 100_000) }), Has.Length.LessThan(300));

    private static object With(ClosedSet field, string value) => field.Kind switch
    {
        "MongoReplicaSet" => field.In(new MongoReplicaSetSpec(), value),
        "RegionMigration" => field.In(new RegionMigrationSpec(), value),
        "WeightedDnsRecord" => field.In(new WeightedDnsRecordSpec(), value),
        _ => throw new InvalidOperationException($"what is a {field.Kind}?"),
    };

    private static string Swapped(string value) => string.Concat(value.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
