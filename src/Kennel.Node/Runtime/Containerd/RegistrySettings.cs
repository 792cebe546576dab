using YamlDotNet.RepresentationModel;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>
/// <c>registries.yaml</c> in k3s's shape, for those who have one: mirrors, certificates and logins of registries.
/// <c>mirrors: HOST: endpoint: [URL]</c>, <c>configs: HOST: {auth: {username, password, auth, identity_token}, tls: {ca_file, cert_file, key_file, insecure_skip_verify}}</c>.
/// It becomes a <c>hosts.toml</c> a registry, and logins in containerd's configuration.
/// </summary>
public sealed record RegistrySettings(IReadOnlyDictionary<string, string> Hosts, string Logins)
{
    public static readonly RegistrySettings None = new(new Dictionary<string, string>(), "");

    /// <summary>Reads the instance's file, or the machine's.</summary>
    /// <exception cref="RuntimeException">RuntimeUnavailable: it can't be understood; the message says where.</exception>
    public static RegistrySettings Of(ContainerdOptions options)
    {
        foreach (var file in (string[])[Path.Combine(options.DataDirectory, "registries.yaml"), "/etc/kennel/registries.yaml"])
        {
            if (File.Exists(file))
            {
                return Read(File.ReadAllText(file), file);
            }
        }
        return None;
    }

    /// <param name="name">The file's, for messages.</param>
    public static RegistrySettings Read(string yaml, string name)
    {
        YamlMappingNode? root;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            root = stream.Documents is [var document, ..] ? document.RootNode as YamlMappingNode : new YamlMappingNode();
        }
        catch (YamlDotNet.Core.YamlException broken)
        {
            throw new RuntimeException("RuntimeUnavailable", $"{name}: {broken.Message}", broken);
        }
        if (root is null)
        {
            throw new RuntimeException("RuntimeUnavailable", $"{name}: a mapping with mirrors and configs is expected");
        }
        var (mirrors, configs) = (Pairs(Child(root, "mirrors")), Pairs(Child(root, "configs")));
        var hosts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (host, mirror) in mirrors)
        {
            if (Child(mirror, "rewrite") is not null)
            {
                throw new RuntimeException("RuntimeUnavailable", $"{name}: mirrors.{host}.rewrite: containerd can't rewrite names; name the images as the mirror has them");
            }
            hosts[host == "*" ? "_default" : host] = HostsFile(host, Texts(Child(mirror, "endpoint")), configs);
        }
        foreach (var (host, config) in configs)
        {
            if (Child(config, "tls") is not null && !hosts.ContainsKey(host))
            {
                hosts[host] = HostsFile(host, [$"https://{host}"], configs);
            }
        }
        return new(hosts, string.Concat(configs.Select(c => Login(c.Key, Child(c.Value, "auth")))));
    }

    private static string HostsFile(string host, IEnumerable<string> endpoints, Dictionary<string, YamlNode> configs)
    {
        var lines = host == "*" ? [] : new List<string> { $"server = {Quote(host == "docker.io" ? "https://registry-1.docker.io" : $"https://{host}")}" };
        foreach (var endpoint in endpoints)
        {
            var url = endpoint.TrimEnd('/');
            url = url.EndsWith("/v2", StringComparison.Ordinal) ? url[..^3] : url;
            lines.Add($"\n[host.{Quote(url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url)}]");
            lines.Add("  capabilities = [\"pull\", \"resolve\"]");
            var at = url.Contains("://", StringComparison.Ordinal) ? url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..] : url;
            if (configs.TryGetValue(at.Split('/')[0], out var config) && Child(config, "tls") is { } tls)
            {
                lines.AddRange(Tls(tls));
            }
        }
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Tls(YamlNode tls)
    {
        if (Text(tls, "ca_file") is { } authority)
        {
            yield return $"  ca = [{Quote(authority)}]";
        }
        if (Text(tls, "cert_file") is { } certificate)
        {
            yield return $"  client = [[{Quote(certificate)}, {Quote(Text(tls, "key_file") ?? "")}]]";
        }
        if (Text(tls, "insecure_skip_verify") == "true")
        {
            yield return "  skip_verify = true";
        }
    }

    private static string Login(string host, YamlNode? auth)
    {
        if (auth is null)
        {
            return "";
        }
        var text = $"\n      [plugins.\"io.containerd.grpc.v1.cri\".registry.configs.{Quote(host)}.auth]\n";
        foreach (var (said, meant) in ((string, string)[])[("username", "username"), ("password", "password"), ("auth", "auth"), ("identity_token", "identitytoken"), ("token", "identitytoken")])
        {
            if (Text(auth, said) is { } value)
            {
                text += $"        {meant} = {Quote(value)}\n";
            }
        }
        return text;
    }

    private static Dictionary<string, YamlNode> Pairs(YamlNode? node) =>
        (node as YamlMappingNode)?.Children.ToDictionary(c => ((YamlScalarNode)c.Key).Value ?? "", c => c.Value, StringComparer.Ordinal) ?? [];

    private static YamlNode? Child(YamlNode? node, string name) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlNode node, string name) => (Child(node, name) as YamlScalarNode)?.Value;

    private static IEnumerable<string> Texts(YamlNode? node) => (node as YamlSequenceNode)?.Children.OfType<YamlScalarNode>().Select(n => n.Value ?? "") ?? [];

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
