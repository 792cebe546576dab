using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kennel.Objects;

namespace Kennel.Cli;

/// <summary>The API of an instance on this machine, as its administrator, for the program's own commands.</summary>
sealed class LocalApi : IDisposable
{
    readonly HttpClient _http;

    LocalApi(HttpClient http) => _http = http;

    public string Address => _http.BaseAddress!.ToString().TrimEnd('/');

    public static LocalApi Open(Instance instance)
    {
        var folder = Path.Combine(instance.DataFolder, "pki");
        var authority = X509CertificateLoader.LoadCertificate(File.ReadAllBytes(Path.Combine(folder, "ca.crt")));
        var server = File.ReadLines(instance.KubeconfigFile).Select(l => l.Trim()).First(l => l.StartsWith("server: ", StringComparison.Ordinal))["server: ".Length..];
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
        } } };
        var http = new HttpClient(handler) { BaseAddress = new Uri(server), Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(Path.Combine(folder, "admin.token")).Trim());
        return new LocalApi(http);
    }

    public async Task<byte[]> Get(string path, CancellationToken cancel)
    {
        try
        {
            return await _http.GetByteArrayAsync(path, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new Complaint($"{Address} doesn't answer: {e.Message}");
        }
    }

    public async Task<bool> Exists(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(path, cancel);
        return answer.StatusCode != HttpStatusCode.NotFound;
    }

    /// <param name="space">A namespace, or null for all.</param>
    public async Task<IReadOnlyList<T>> List<T>(CancellationToken cancel, string? space = null) where T : class, IObject<T>
    {
        using var document = JsonDocument.Parse(await Get(T.Resource.Path(space), cancel));
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(i => Json.Read<T>(JsonSerializer.SerializeToUtf8Bytes(i)))];
    }

    public void Dispose() => _http.Dispose();
}
