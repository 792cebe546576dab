using System.Text;
using System.Text.Json;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Finds the login for an image's registry in the pod's <c>imagePullSecrets</c>.</summary>
sealed class PullSecrets(Lookup lookup)
{
    public async ValueTask<RegistryLogin?> For(Observed o, string image, CancellationToken cancel)
    {
        foreach (var reference in o.Spec.ImagePullSecrets)
        {
            var secret = await lookup.Get<Secret>(o.Pod!.Metadata.Namespace ?? "", reference.Name ?? "", cancel);
            if (secret?.Data.GetValueOrDefault(".dockerconfigjson") is { } data && Login(Convert.FromBase64String(data), image) is { } login) return login;
        }
        return null;
    }

    /// <summary>The first entry whose registry and path begin the image's name.</summary>
    public static RegistryLogin? Login(byte[] config, string image)
    {
        var name = image.Split('/')[0] is var first && (first.Contains('.') || first.Contains(':') || first == "localhost") ? image : "index.docker.io/" + image;
        using var document = JsonDocument.Parse(config);
        if (!document.RootElement.TryGetProperty("auths", out var auths)) return null;
        foreach (var entry in auths.EnumerateObject())
        {
            var registry = entry.Name.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal).TrimEnd('/');
            foreach (var suffix in (ReadOnlySpan<string>)["/v1", "/v2"])
                if (registry.EndsWith(suffix, StringComparison.Ordinal)) registry = registry[..^suffix.Length];
            if (registry == "docker.io") registry = "index.docker.io";
            if (name.StartsWith(registry + "/", StringComparison.Ordinal)) return Read(entry.Value);
        }
        return null;
    }

    static RegistryLogin? Read(JsonElement entry)
    {
        if (entry.TryGetProperty("username", out var user) && entry.TryGetProperty("password", out var password)) return new(user.GetString() ?? "", password.GetString() ?? "");
        if (!entry.TryGetProperty("auth", out var auth)) return null;
        return Encoding.UTF8.GetString(Convert.FromBase64String(auth.GetString() ?? "")).Split(':', 2) is [var u, var p] ? new(u, p) : null;
    }
}
