using System.IO.Pipelines;
using System.Net;
using System.Text;
using Kennel.Client.Http;

namespace Kennel.Client.Tests;

public sealed class HttpApiTests
{
    /// <summary>The wire, faked: one answer for whatever comes.</summary>
    sealed class Wire(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel);
            Requests.Add($"{request.Method} {request.RequestUri} {request.Headers.Authorization} {request.Content?.Headers.ContentType} {body}".TrimEnd());
            return answer(request);
        }
    }

    static (HttpApi, Wire) Api(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        var wire = new Wire(answer);
        return (new(new HttpMessageInvoker(wire), new Uri("https://server:6443"), "secret"), wire);
    }

    static HttpResponseMessage Says(HttpStatusCode code, string text) => new(code) { Content = new StringContent(text) };

    [Fact]
    public async Task A_request_carries_token_and_type_and_a_refusal_is_an_answer()
    {
        var (api, wire) = Api(_ => Says(HttpStatusCode.Conflict, "{}"));
        var answer = await api.Send(new("PATCH", "/api/v1/pods?x=y", "{\"a\":1}"u8.ToArray(), "application/merge-patch+json"), default);
        (answer.Status, answer.Succeeded).ShouldBe((409, false));
        wire.Requests.ShouldBe(["PATCH https://server:6443/api/v1/pods?x=y Bearer secret application/merge-patch+json {\"a\":1}"]);
    }

    [Fact]
    public async Task A_watch_gives_each_line_as_an_event_however_the_bytes_are_cut()
    {
        var pipe = new Pipe();
        var (api, wire) = Api(_ => new(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()) });
        var events = Read(api, "/api/v1/pods?resourceVersion=7");
        foreach (var part in new[] { "{\"type\":\"ADDED\",\"obj", "ect\":{\"a\":[1,{}]}}\n{\"type\"", ":\"BOOKMARK\",\"object\":{\"b\":2}}\n" })
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(part));
            await Task.Yield();
        }
        await pipe.Writer.CompleteAsync();
        (await events).ShouldBe(["ADDED {\"a\":[1,{}]}", "BOOKMARK {\"b\":2}"]);
        wire.Requests.ShouldBe(["GET https://server:6443/api/v1/pods?resourceVersion=7&watch=true Bearer secret"]);
    }

    [Fact]
    public async Task A_watch_that_is_refused_is_an_error_event()
    {
        var (api, _) = Api(_ => Says(HttpStatusCode.Gone, "{\"code\":410}"));
        (await Read(api, "/api/v1/pods")).ShouldBe(["ERROR {\"code\":410}"]);
    }

    [Fact]
    public async Task Without_a_connection_the_message_says_which_server()
    {
        var (api, _) = Api(_ => throw new HttpRequestException("connection refused"));
        (await Should.ThrowAsync<ApiUnavailableException>(async () => await api.Send(new("GET", "/api/v1/pods"), default))).Message
            .ShouldBe("https://server:6443/ can't be reached: connection refused");
        await Should.ThrowAsync<ApiUnavailableException>(async () => await Read(api, "/api/v1/pods"));
    }

    static async Task<List<string>> Read(HttpApi api, string path)
    {
        List<string> events = [];
        await foreach (var e in api.Watch(path, default)) events.Add($"{e.Type} {Encoding.UTF8.GetString(e.Object.Span)}");
        return events;
    }
}
