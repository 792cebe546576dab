using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;

namespace Kennel.Network.Services;

/// <summary>One table of the machine's packet filter. Invariant: <see cref="Applied"/> is what the kernel has, or null when that isn't known.</summary>
public sealed class PacketFilter(IHost host, string table)
{
    public string? Applied { get; private set; }

    /// <summary>Replaces the table in one transaction. Null, or why it could not be.</summary>
    public async ValueTask<string?> Apply(string text, CancellationToken cancel)
    {
        if (text == Applied) return null;
        var result = await host.Run("nft", ["-f", "-"], text, cancel);
        if (result.Exit != 0) return $"the packet filter refused table {table}: {Short(result)}";
        Applied = text;
        return null;
    }

    /// <summary>Takes the table away, if it is there.</summary>
    public async ValueTask<string?> Remove(CancellationToken cancel)
    {
        Applied = null;
        var result = await host.Run("nft", ["-f", "-"], Ruleset.Remove(table), cancel);
        return result.Exit == 0 ? null : $"table {table} could not be removed: {Short(result)}";
    }

    /// <summary>Looks whether the kernel still has the table: others may flush everything. If not, it counts as never applied, which is a failure.</summary>
    public async ValueTask<string?> Check(CancellationToken cancel)
    {
        var result = await host.Run("nft", ["list", "chain", "ip", table, "services"], "", cancel);
        if (result.Exit == 0) return null;
        Applied = null;
        return $"table {table} is gone from the packet filter: {Short(result)}";
    }

    static string Short(CommandResult result)
    {
        var text = result.Error.Trim();
        return text.Length > 300 ? text[..300] + "…" : text;
    }
}

/// <summary>Makes the table say this.</summary>
public sealed record ApplyRules(PacketFilter Filter, string Text) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Filter.Apply(Text, cancel);
}

/// <summary>Finds out whether somebody took the table away.</summary>
public sealed record CheckRules(PacketFilter Filter) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Filter.Check(cancel);
}
