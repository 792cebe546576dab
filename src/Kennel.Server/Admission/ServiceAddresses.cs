using System.Net;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Admission;

/// <summary>
/// Cluster addresses and node ports of Services. What is handed out is known in memory only and read from the stored services at start:
/// one server a store.
/// </summary>
sealed class ServiceAddresses(IPNetwork range, Random random)
{
    const string Taken = "provided IP is already allocated";

    readonly IpAllocator _addresses = new(range, random);
    readonly PortAllocator _ports = new(random);

    /// <summary>The address of <c>kubernetes.default</c>.</summary>
    public static IPAddress ApiAddress(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[3]++;
        return new IPAddress(bytes);
    }

    /// <summary>Learns what stored services have.</summary>
    public async ValueTask Load(IStore store, CancellationToken cancel)
    {
        foreach (var entry in (await store.Range(new RangeQuery("/registry/core/services/"), cancel)).Entries)
        {
            var held = ServiceClaims.Of(Stored.Parse(entry.Value));
            if (held.Address is { } address) _addresses.Take(address);
            foreach (var port in held.Ports) _ports.Take(port);
        }
    }

    public Refusal? Allocate(Admitting admitting)
    {
        if (!admitting.Is("", "Service") || admitting.Call.Route.Subresource.Length > 0) return null;
        var before = admitting.Live is null ? ServiceClaims.None : ServiceClaims.Of(admitting.Live);
        var spec = admitting.Next.Child("spec");
        if ((TakeAddress(admitting, spec, before) ?? TakePorts(admitting, spec, before)) is { } error)
            return Refusal.Invalid(admitting.Call.Type, admitting.Name, [error]);
        var after = ServiceClaims.Of(admitting.Next);
        admitting.Then(keep: () => Free(before, after), undo: () => { });
        return null;
    }

    public void Release(JsonObject service) => Free(ServiceClaims.Of(service), ServiceClaims.None);

    void Free(ServiceClaims held, ServiceClaims still)
    {
        if (held.Address is { } address && !address.Equals(still.Address)) _addresses.Release(address);
        foreach (var port in held.Ports.Except(still.Ports)) _ports.Release(port);
    }

    FieldError? TakeAddress(Admitting admitting, JsonObject spec, ServiceClaims before)
    {
        if (spec.Text("type") == "ExternalName") return null;
        var wanted = spec.Text("clusterIP") is { Length: > 0 } one ? one : spec.Texts("clusterIPs").FirstOrDefault("");
        if (wanted == "None")
        {
            Set(spec, wanted);
            return null;
        }
        if (wanted.Length > 0 && IPAddress.TryParse(wanted, out var asked))
        {
            Set(spec, wanted);
            if (asked.Equals(before.Address)) return null;
            if (!_addresses.Contains(asked)) return Bad(wanted, $"failed to allocate IP {wanted}: the provided IP ({wanted}) is not in the valid range. The range of valid IPs is {_addresses.Range}");
            if (!_addresses.Take(asked)) return Bad(wanted, $"failed to allocate IP {wanted}: {Taken}");
            admitting.Then(static () => { }, () => _addresses.Release(asked));
            return null;
        }
        if (_addresses.Take() is not { } given) return FieldError.Invalid("spec.clusterIPs", new JsonArray(), "failed to allocate a serviceIP: range is full");
        admitting.Then(static () => { }, () => _addresses.Release(given));
        Set(spec, given.ToString());
        return null;
    }

    FieldError? TakePorts(Admitting admitting, JsonObject spec, ServiceClaims before)
    {
        if (!ServiceClaims.WantsPorts(spec)) return null;
        var mine = before.Ports.ToHashSet();
        var shared = new Dictionary<long, int>(); // TCP and UDP of one port number share a node port
        var index = 0;
        foreach (var port in spec.Objects("ports"))
        {
            var path = $"spec.ports[{index++}].nodePort";
            var number = port.Number("port") ?? 0;
            if (port.Number("nodePort") is > 0 and var asked)
            {
                if (!mine.Contains((int)asked))
                {
                    if (!PortAllocator.Contains((int)asked)) return FieldError.Invalid(path, asked, $"provided port is not in the valid range. The range of valid ports is {PortAllocator.First}-{PortAllocator.Last}");
                    if (!Take(admitting, (int)asked, mine)) return FieldError.Invalid(path, asked, "provided port is already allocated");
                }
                shared.TryAdd(number, (int)asked);
                continue;
            }
            if (!shared.TryGetValue(number, out var given))
            {
                if (_ports.Take() is not { } free) return FieldError.Invalid(path, 0, "failed to allocate a nodePort: range is full");
                shared[number] = given = free;
                mine.Add(given);
                admitting.Then(static () => { }, () => _ports.Release(free));
            }
            port["nodePort"] = given;
        }
        return null;
    }

    bool Take(Admitting admitting, int port, HashSet<int> mine)
    {
        if (!_ports.Take(port)) return false;
        mine.Add(port);
        admitting.Then(static () => { }, () => _ports.Release(port));
        return true;
    }

    static FieldError Bad(string address, string why) => FieldError.Invalid("spec.clusterIPs", new JsonArray(address), why);

    static void Set(JsonObject spec, string address)
    {
        spec["clusterIP"] = address;
        if (spec["clusterIPs"] is not JsonArray { Count: > 0 }) spec["clusterIPs"] = new JsonArray(address);
    }
}
