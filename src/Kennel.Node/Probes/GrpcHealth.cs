using System.Net;
using System.Text;
using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>Asks <c>grpc.health.v1.Health/Check</c> over plain HTTP/2.</summary>
sealed class GrpcHealth(TimeProvider time)
{
    const int Serving = 1;

    public async Task<ProbeAnswer> Ask(string ip, GRPCAction grpc, CancellationToken cancel)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{ip}:{grpc.Port}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(Question(grpc.Service ?? "")),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        var asked = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            var status = One(response.TrailingHeaders, "grpc-status") ?? One(response.Headers, "grpc-status") ?? "0";
            if (status != "0") return new(false, $"service unhealthy (grpc-status {status}: {One(response.TrailingHeaders, "grpc-message") ?? One(response.Headers, "grpc-message")})");
            // A frame of 5 bytes, then field 1 as a varint; an absent field is UNKNOWN.
            return body.Length >= 7 && body[5] == 8 && body[6] == Serving ? ProbeAnswer.Yes : new(false, "service unhealthy (responded with \"NOT_SERVING\")");
        }
        catch (HttpRequestException failed)
        {
            return new(false, $"timeout: failed to connect service \"{ip}:{grpc.Port}\" after {time.GetElapsedTime(asked).TotalMilliseconds:0}ms: {failed.Message}");
        }
    }

    static byte[] Question(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        if (name.Length > 127) throw new ArgumentException("the service's name is too long", nameof(service));
        byte[] message = name.Length == 0 ? [] : [10, (byte)name.Length, .. name];
        return [0, 0, 0, 0, (byte)message.Length, .. message];
    }

    static string? One(System.Net.Http.Headers.HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
