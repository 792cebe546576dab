using Kennel.Network.Filters;
using Kennel.Network.Hosts;
using Kennel.Network.Services;

namespace Kennel.Cli;

/// <summary>What an instance changes on the machine besides its containers.</summary>
static class Machine
{
    /// <summary>As which this machine is a node.</summary>
    public static string NodeName => Environment.MachineName.ToLowerInvariant();

    public static ServiceProxyOptions Services(Instance instance) => new($"kennel-{instance.Id}", instance.PodCidr, NodeName);

    /// <summary>The table of network policies.</summary>
    public static string PolicyTable(Instance instance) => $"kennel-{instance.Id}-policies";

    /// <summary>Takes the rules and addresses of an instance away.</summary>
    public static async Task RemoveNetwork(Instance instance, CancellationToken cancel)
    {
        var services = Services(instance);
        await new PacketFilter(new SystemHost(), services.Table).Remove(cancel);
        await new PacketFilter(new SystemHost(), PolicyTable(instance)).Remove(cancel);
        await new Forwarding(new SystemHost(), services.Table, services.PodCidr).Remove(cancel);
        foreach (var address in (string[])[instance.ApiAddress, instance.DnsAddress])
            await RemoveAddress(address, cancel);
    }

    public static async Task RemoveAddress(string address, CancellationToken cancel) =>
        await new SystemHost().Run("ip", ["address", "del", $"{address}/32", "dev", "lo"], "", cancel);

    /// <summary>Puts an address of the service range on this machine, where pods reach it without any rule.</summary>
    /// <returns>Whether it is there now.</returns>
    public static async Task<bool> AddAddress(string address, CancellationToken cancel)
    {
        var done = await new SystemHost().Run("ip", ["address", "replace", $"{address}/32", "dev", "lo"], "", cancel);
        return done.Exit == 0;
    }
}
