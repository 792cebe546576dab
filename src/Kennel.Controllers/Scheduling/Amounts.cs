using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Controllers.Scheduling;

/// <summary>Resources in whole numbers: processor in thousandths, memory and ephemeral storage in bytes, everything else in units.</summary>
public sealed record Amounts(long Cpu, long Memory, long Storage, ImmutableSortedDictionary<string, long> Others)
{
    public static readonly Amounts None = new(0, 0, 0, ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>A resource list of the API. The number of pods is not a resource here.</summary>
    public static Amounts Of(IReadOnlyDictionary<string, string>? list)
    {
        if (list is null || list.Count == 0) return None;
        var amounts = None;
        foreach (var (name, text) in list)
        {
            var quantity = Amount.Of(text);
            amounts = name switch
            {
                "cpu" => amounts with { Cpu = quantity.MilliValue },
                "memory" => amounts with { Memory = quantity.Value },
                "ephemeral-storage" => amounts with { Storage = quantity.Value },
                "pods" => amounts,
                _ => amounts with { Others = amounts.Others.SetItem(name, quantity.Value) },
            };
        }
        return amounts;
    }

    public Amounts Plus(Amounts other) => new(Cpu + other.Cpu, Memory + other.Memory, Storage + other.Storage, Combine(other, static (a, b) => a + b));

    public Amounts Minus(Amounts other) => new(Cpu - other.Cpu, Memory - other.Memory, Storage - other.Storage, Combine(other, static (a, b) => a - b));

    public Amounts Max(Amounts other) => new(Math.Max(Cpu, other.Cpu), Math.Max(Memory, other.Memory), Math.Max(Storage, other.Storage), Combine(other, Math.Max));

    ImmutableSortedDictionary<string, long> Combine(Amounts other, Func<long, long, long> by)
    {
        if (other.Others.IsEmpty) return Others;
        var others = Others;
        foreach (var (name, amount) in other.Others) others = others.SetItem(name, by(others.GetValueOrDefault(name), amount));
        return others;
    }
}
