using Kennel.Network.Hosts;

namespace Kennel.Network.Names;

/// <summary>The name server's address on this machine: on the loopback device, where pods reach it by way of their bridge.</summary>
public sealed class LoopbackAddress(IHost host, string address)
{
    /// <summary>Null, or why the address can't be had. There already is fine.</summary>
    public async ValueTask<string?> Add(CancellationToken cancel)
    {
        var result = await host.Run("ip", ["addr", "replace", address + "/32", "dev", "lo"], "", cancel);
        return result.Exit == 0 ? null : $"address {address} could not be added to the loopback device: {result.Error.Trim()}";
    }

    public async ValueTask Remove(CancellationToken cancel) => await host.Run("ip", ["addr", "del", address + "/32", "dev", "lo"], "", cancel);
}
