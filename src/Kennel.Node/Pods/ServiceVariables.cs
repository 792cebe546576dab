using System.Globalization;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>The variables by which a container finds the services of its namespace, and the API.</summary>
public static class ServiceVariables
{
    /// <param name="api">Service <c>kubernetes</c> of namespace <c>default</c>, which every pod is told of.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<Service> services, Service? api, bool links)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (api is not null) Add(result, api);
        if (links) foreach (var service in services) Add(result, service);
        return result;
    }

    static void Add(SortedDictionary<string, string> result, Service service)
    {
        if (service.Spec is not { ClusterIP: { Length: > 0 } ip and not "None" } spec) return;
        var name = Name(service.Metadata.Name ?? "");
        result[$"{name}_SERVICE_HOST"] = ip;
        for (var i = 0; i < spec.Ports.Count; i++)
        {
            var port = spec.Ports[i];
            var number = port.Port.ToString(CultureInfo.InvariantCulture);
            var protocol = (port.Protocol ?? "TCP").ToUpperInvariant();
            var url = $"{protocol.ToLowerInvariant()}://{ip}:{number}";
            if (i == 0) (result[$"{name}_SERVICE_PORT"], result[$"{name}_PORT"]) = (number, url);
            if (!string.IsNullOrEmpty(port.Name)) result[$"{name}_SERVICE_PORT_{Name(port.Name)}"] = number;
            var prefix = $"{name}_PORT_{number}_{protocol}";
            result[prefix] = url;
            result[$"{prefix}_PROTO"] = protocol.ToLowerInvariant();
            result[$"{prefix}_PORT"] = number;
            result[$"{prefix}_ADDR"] = ip;
        }
    }

    static string Name(string text) => text.ToUpperInvariant().Replace('-', '_');
}
