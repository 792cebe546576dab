using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;

namespace Kennel.Network.Services;

/// <summary>The kernel settings that services need.</summary>
public sealed class Settings(IHost host, string bridge)
{
    const string BridgeFilter = "net/bridge/bridge-nf-call-iptables";

    /// <summary>The bridge exists and takes node ports on 127.0.0.1. It is made with the first pod.</summary>
    public bool BridgeReady { get; private set; }

    /// <summary>The bridge hands packets between pods to the filter; null when not looked at yet.</summary>
    public bool? BridgeFiltered { get; private set; }

    public async ValueTask<string?> Make(CancellationToken cancel)
    {
        if (BridgeFiltered is null)
        {
            host.Set("net/ipv4/ip_forward", "1");
            if (!host.Set(BridgeFilter, "1")) await host.Run("modprobe", ["br_netfilter"], "", cancel);
            BridgeFiltered = host.Set(BridgeFilter, "1");
        }
        BridgeReady = BridgeReady || host.Set($"net/ipv4/conf/{bridge}/route_localnet", "1");
        return null;
    }
}

/// <summary>Makes the settings that are still missing.</summary>
public sealed record MakeSettings(Settings Settings) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Settings.Make(cancel);
}
