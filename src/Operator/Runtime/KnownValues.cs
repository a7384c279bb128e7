using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Modestano.Crds.Schema;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Runtime;

/// <summary>
/// Values that this version does not know, as a newer definition of the kind may allow: what they ask for cannot be guessed, and the nearest
/// guess (a mode that is not Observe) would write. What is known is read from the attributes that the schema's enums are made of.
/// </summary>
public static class KnownValues
{
    // Of a value that nobody validated, so much is told.
    private const int LongestTold = 64;

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Field>> Fields = new();

    /// <summary>The first value of a spec that is not known, for the reason <see cref="RuntimeReasons.UnknownValue"/>.</summary>
    /// <param name="spec">The spec of one of the kinds.</param>
    /// <returns>Field, value and what is allowed, as a sentence; null: all are known.</returns>
    public static string? Unknown(object spec) => In(spec, "spec");

    private static string? In(object value, string path) => FieldsOf(value.GetType()).Select(field => field.Unknown(value, path)).FirstOrDefault(told => told is not null);

    private static IReadOnlyList<Field> FieldsOf(Type type) => Fields.GetOrAdd(type, static t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(FieldOf).OfType<Field>()]);

    // Null: no value of a closed set in this property, nor in anything below it.
    private static Field? FieldOf(PropertyInfo property)
    {
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            var mayBeAbsent = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            return new Leaf(property, [.. allowed.Values.OfType<string>()], mayBeAbsent);
        }

        var type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return Holds(type.GetGenericArguments()[0]) ? new Items(property, property.GetCustomAttribute<ListMapAttribute>()?.Key) : null;
        }

        return Holds(type) ? new Part(property) : null;
    }

    private static bool Holds(Type type) => type.IsClass && type.Namespace == typeof(ApiGroup).Namespace && FieldsOf(type).Count > 0;

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private abstract record Field(PropertyInfo Property)
    {
        public string? Unknown(object owner, string path) => Of(Property.GetValue(owner), $"{path}.{NameOf(Property)}");

        protected abstract string? Of(object? value, string path);
    }

    private sealed record Leaf(PropertyInfo Property, IReadOnlyList<string> Allowed, bool MayBeAbsent) : Field(Property)
    {
        protected override string? Of(object? value, string path)
        {
            if (value is null ? MayBeAbsent : Allowed.Contains(value))
            {
                return null;
            }

            var told = value as string ?? "null";
            told = OneLine.Of(told, LongestTold);
            return $"{path}: {told} is not known to this version of the operator, which knows {string.Join(", ", Allowed)}: update the operator, or use one of these";
        }
    }

    private sealed record Part(PropertyInfo Property) : Field(Property)
    {
        protected override string? Of(object? value, string path) => value is null ? null : In(value, path);
    }

    private sealed record Items(PropertyInfo Property, string? Key) : Field(Property)
    {
        protected override string? Of(object? value, string path) =>
            (value as IEnumerable)?.Cast<object>().Select((item, i) => In(item, $"{path}[{Place(item, i)}]")).FirstOrDefault(told => told is not null);

        private string Place(object item, int index) =>
            item.GetType().GetProperties().FirstOrDefault(p => NameOf(p) == Key)?.GetValue(item) is { } name ? $"{Key}={name}" : $"{index}";
    }
}
