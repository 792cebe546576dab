using System.Collections.Immutable;
using System.Net;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Network.Names;

/// <summary>An endpoint of a service that may be resolved.</summary>
/// <param name="Hostname">Its own, or its address with dashes (SS-1210).</param>
public sealed record Member(string Hostname, IPAddress Address, ImmutableArray<(string Name, string Protocol, int Number)> Ports)
{
    public static bool IsHeadless(Service service) => service.Spec?.ClusterIP == "None";

    /// <summary>The endpoints that are ready, or published although they aren't (SS-1208, SS-1214).</summary>
    public static ImmutableArray<Member> Of(Service service, Directory names)
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        foreach (var slice in names.SlicesOf(ObjectKey.Of(service)))
        {
            var ports = slice.Ports.Where(p => p.Port is not null).Select(p => (p.Name ?? "", (p.Protocol ?? "TCP").ToLowerInvariant(), p.Port!.Value)).ToImmutableArray();
            foreach (var endpoint in slice.Endpoints)
            {
                if (endpoint.Conditions?.Ready == false) continue;
                foreach (var address in endpoint.Addresses)
                {
                    if (!IPAddress.TryParse(address, out var ip)) continue;
                    members.Add(new(endpoint.Hostname is { Length: > 0 } own ? own.ToLowerInvariant() : address.Replace('.', '-').Replace(':', '-'), ip, ports));
                }
            }
        }
        return members.ToImmutable();
    }
}
