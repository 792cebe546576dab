using System.Net;
using System.Net.Sockets;
using Kennel.Network.Hosts;

namespace Kennel.Network.Names;

/// <param name="Address">The cluster DNS: one address of the service range, the same that pods have in their resolv.conf.</param>
/// <param name="Resolvers">The machine's own, for all other names (<see cref="Forwarder.Read"/>).</param>
public sealed record NameServiceOptions(IPAddress Address, IReadOnlyList<IPEndPoint> Resolvers);

/// <summary>The name server on this machine: takes its address, answers there until cancelled, and gives the address back.</summary>
public sealed class NameService(IHost host, Directory names, NameServiceOptions options, TimeProvider time, Random random, Action<string> log)
{
    /// <summary>Ends when cancelled, or at once with a line in the log when names can't be served here: everything else goes on.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var address = new LoopbackAddress(host, options.Address.ToString());
        if (await address.Add(cancel) is { } why)
        {
            log($"names of services won't resolve in pods: {why}");
            return;
        }
        try
        {
            using var server = new NameServer(names, new(options.Address, 53), options.Resolvers, time, random, log);
            await server.Run(cancel);
        }
        catch (SocketException taken)
        {
            log($"names of services won't resolve in pods: {options.Address} port 53 can't be listened at: {taken.Message}");
        }
        finally
        {
            await address.Remove(CancellationToken.None);
        }
    }
}
