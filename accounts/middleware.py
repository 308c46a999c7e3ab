class SessionLimits:
    def __init__(self, respond):
        self.respond = respond

    def __call__(self, request):
        return self.respond(request)
