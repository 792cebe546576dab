using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;

namespace Kennel.Network.Filters;

/// <summary>One table of the machine's packet filter. Invariant: <see cref="Applied"/> is what the kernel has, or null when that isn't known.</summary>
public sealed class PacketFilter(IHost host, string table)
{
    public Table? Applied { get; private set; }

    /// <summary>What has to be told to the kernel so that it has this table; empty when it has it.</summary>
    public string Needed(Table wanted) => Applied is { } applied ? Transaction.Change(applied, wanted) : Transaction.Whole(wanted);

    /// <summary>Makes the table so, in one transaction. Null, or why it could not be.</summary>
    public async ValueTask<string?> Apply(Table wanted, CancellationToken cancel)
    {
        var text = Needed(wanted);
        if (text.Length == 0) return null;
        var result = await host.Run("nft", ["-f", "-"], text, cancel);
        // Somebody else may have changed the table, or a kernel may not take the change as it is: the whole table says the same.
        if (result.Exit != 0 && Applied is not null) result = await host.Run("nft", ["-f", "-"], Transaction.Whole(wanted), cancel);
        if (result.Exit != 0) return $"the packet filter refused table {table}: {Short(result)}";
        Applied = wanted;
        return null;
    }

    /// <summary>Takes the table away, if it is there.</summary>
    public async ValueTask<string?> Remove(CancellationToken cancel)
    {
        Applied = null;
        var result = await host.Run("nft", ["-f", "-"], Transaction.Remove(table), cancel);
        return result.Exit == 0 ? null : $"table {table} could not be removed: {Short(result)}";
    }

    /// <summary>Looks whether the kernel still has a chain of the table: others may flush everything. If not, it counts as never applied, which is a failure.</summary>
    public async ValueTask<string?> Check(string chain, CancellationToken cancel)
    {
        var result = await host.Run("nft", ["list", "chain", "ip", table, chain], "", cancel);
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
public sealed record ApplyTable(PacketFilter Filter, Table Table) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Filter.Apply(Table, cancel);
}

/// <summary>Finds out whether somebody took the table away.</summary>
public sealed record CheckTable(PacketFilter Filter, string Chain) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Filter.Check(Chain, cancel);
}

/// <summary>Takes the table away.</summary>
public sealed record RemoveTable(PacketFilter Filter) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Filter.Remove(cancel);
}
